/** Milliseconds of the machine's monotonic clock, the same in every process. */
export function clockMs() {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1000 + nanos / 1e6;
}
