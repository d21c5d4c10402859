const HEAD = `# Errors

<!-- Written by \`npm run generate\` from src/common/errors/error-codes.ts: do not edit. -->

Every failure has one shape: \`{code, message, details?, requestId, retryAfterMs?}\`. Over REST it is the body; over
sockets it is the payload of \`error\`, and \`error\` in a negative ack. A run that fails ends with \`stream_end\` and
\`{code, message}\` in it. Branch on \`code\`: the message is written for people and may be more precise than the one
below. "HTTP" is empty where a code never is an HTTP answer.

What to do about an error (this advice is not sent over the wire):

- \`never\`: the same request will fail again; change it.
- \`after-delay\`: try again after \`retryAfterMs\` (or a growing pause where there is none).
- \`after-login\`: refresh the access token or log in, then try again.

| code | HTTP | retry | meaning |
| --- | --- | --- | --- |
`;

/** The text of docs/ERRORS.md: the table of error codes as clients need it. */
export function errorsPage(errorCodes) {
  const rows = Object.entries(errorCodes).map(
    ([code, { http, retry, message }]) => `| \`${code}\` | ${http ?? ''} | \`${retry}\` | ${message} |\n`,
  );
  return HEAD + rows.join('');
}
