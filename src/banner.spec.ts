import { banner } from './banner.js';

const facts = {
  name: 'Talksy',
  version: '1.2.3',
  url: 'http://localhost:3000',
  provider: 'mock',
  model: 'mock-1',
  storage: 'memory',
  database: 'PGlite in ./.data',
  docs: 'README.md',
};

describe('the banner of Talksy', () => {
  it('tells in a few plain lines what runs where', () => {
    expect(banner(facts)).toBe(
      [
        'Talksy 1.2.3 is ready.',
        '  URL       http://localhost:3000',
        '  Provider  mock (mock-1)',
        '  Storage   memory',
        '  Database  PGlite in ./.data',
        '  Docs      README.md',
        '  Try it    http://localhost:3000/playground or npm run chat',
      ].join('\n'),
    );
  });

  it('names the address to chat with where it is not the usual one', () => {
    expect(banner({ ...facts, url: 'http://localhost:4000' })).toContain('npm run chat -- --url http://localhost:4000');
  });

  it('does not name a model twice', () => {
    expect(banner({ ...facts, model: 'mock' })).toContain('Provider  mock\n');
  });
});
