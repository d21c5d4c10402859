import { vendorSuite } from '../support/vendor-suite.js';

describe('With AI_PROVIDER=groq, Talksy', () => vendorSuite('groq'));
