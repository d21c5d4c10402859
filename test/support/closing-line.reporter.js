import { writeSync } from 'node:fs';

/** Ends a test run with one plain line that any script can read: `N passed, N failed`. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
    // Behind Jest's own summary, which is printed after every reporter has had its say.
    process.once('exit', () => writeSync(2, `\n${line}\n`));
  }
}
