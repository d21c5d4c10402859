import { vendorSuite } from '../support/vendor-suite.js';

describe('With AI_PROVIDER=openai, Talksy', () => vendorSuite('openai'));
