/** Ends a test run with one plain line that any script can read: `N passed, N failed`. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const brokenSuites = results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    // On stderr like Jest's own summary, so that it really is the last line.
    process.stderr.write(
      `\n${results.numPassedTests} passed, ${results.numFailedTests + brokenSuites} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
    );
  }
}
