const PREFIX = 'tk1.';
const LEAD = 'Summary of the beginning of this conversation, which is no longer shown:\n';

/** What a compacted conversation's item carries. Opaque to clients; it holds nothing that they have not said or read. */
export const encodeSummary = (summary: string): string => PREFIX + Buffer.from(summary).toString('base64url');

/** What a model is told in place of the compacted messages; undefined for an item that is none of ours. */
export function summaryOf(encrypted: string): string | undefined {
  if (!encrypted.startsWith(PREFIX)) return undefined;
  const summary = Buffer.from(encrypted.slice(PREFIX.length), 'base64url').toString();
  return LEAD + summary.toWellFormed().replaceAll('\0', '\ufffd');
}
