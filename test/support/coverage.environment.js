import { Session } from 'node:inspector/promises';
import { CoverageInstrumenter } from 'collect-v8-coverage';
import { TestEnvironment } from 'jest-environment-node';

// Jest switches V8's coverage on and off around each file, which walks the whole heap of the worker every time: more
// than half of a run's CPU time. Counting goes on here for as long as the worker lives, and each file takes what came.
let session;

CoverageInstrumenter.prototype.startInstrumenting = async () => {
  if (session) return;
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
};

CoverageInstrumenter.prototype.stopInstrumenting = async () =>
  (await session.post('Profiler.takePreciseCoverage')).result;

export default TestEnvironment;
