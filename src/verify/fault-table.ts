import type { TrialResult } from './fault-trial.js';

const COLUMNS = [44, 8, 6, 10, 6, 11, 8, 9];
const HEADINGS = ['fault', 'streams', 'hit', 'takeovers', 'lost', 'duplicated', 'altered', 'p95 ms'];

/** The heading of the table. */
export const tableHead = (): string => line(HEADINGS);

/** One fault's line, and beneath it what went wrong. */
export function tableLine(result: TrialResult): string {
  const { fault, streams, hit, takeovers, lost, duplicated, altered, p95StallMs, notRun, failures } = result;
  if (notRun) return `${fault.padEnd(COLUMNS[0]!)} not run: ${notRun}`;
  const row = line([fault, streams, hit, takeovers, lost, duplicated, altered, p95StallMs].map(String));
  return [row, ...failures.slice(0, 10).map((failure) => `    ${failure}`)].join('\n');
}

const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(COLUMNS[i]!) : cell.padStart(COLUMNS[i]!))).join('');
