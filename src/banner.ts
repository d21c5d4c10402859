/** What the server says of itself once it listens. */
export interface BannerFacts {
  name: string;
  version: string;
  /** Where people reach the server, as they would type it. */
  url: string;
  provider: string;
  model: string;
  /** Hot state: sessions and run logs. */
  storage: string;
  database: string;
  docs: string;
}

const DEFAULT_URL = 'http://localhost:3000';

/** The few lines that greet whoever starts the server: plain text, no trailing newline. */
export function banner({ name, version, url, provider, model, storage, database, docs }: BannerFacts): string {
  const lines: [label: string, value: string][] = [
    ['URL', url],
    ['Provider', model === provider ? provider : `${provider} (${model})`],
    ['Storage', storage],
    ['Database', database],
    ['Docs', docs],
    ['Try it', `${url}/playground or ${url === DEFAULT_URL ? 'npm run chat' : `npm run chat -- --url ${url}`}`],
  ];
  return [`${name} ${version} is ready.`, ...lines.map(([label, value]) => `  ${label.padEnd(10)}${value}`)].join('\n');
}
