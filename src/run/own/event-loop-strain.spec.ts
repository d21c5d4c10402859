import { EventLoopStrain } from './event-loop-strain.js';

describe('The event loop', () => {
  let now = 0;
  const strain = new EventLoopStrain(100, () => now);
  const sampleAfter = (ms: number): boolean => {
    now += ms;
    strain.sample();
    return strain.isStrained;
  };
  afterAll(() => strain.stop());

  it('is not strained by one long task, nor by a little delay', () => {
    expect([5000, 250, 300, 340, 349].map(sampleAfter)).toEqual([false, false, false, false, false]);
  });

  it('is strained when it is late again and again, until it is not', () => {
    expect([400, 400, 400, 400, 400, 250].map(sampleAfter)).toEqual([false, false, false, true, true, false]);
  });
});
