/** A run's id without its dashes, as the ids of responses and their items hold it. */
export const bareId = (runId: string): string => runId.replaceAll('-', '');

const RESPONSE_ID = /^resp_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** The run that a response's id names; undefined for what is no such id. */
export function runIdOf(responseId: string): string | undefined {
  const parts = RESPONSE_ID.exec(responseId);
  return parts?.slice(1).join('-');
}
