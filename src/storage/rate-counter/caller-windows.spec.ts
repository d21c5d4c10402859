import { CallerWindows } from './caller-windows.js';

const rule = { name: 'test', limit: 2, windowMs: 1000 };
const allowedOf = (windows: CallerWindows, caller: string, now: number, count = 5): number =>
  Array.from({ length: count }, () => windows.take(rule, caller, now)).filter(({ allowed }) => allowed).length;

describe('The windows of many callers', () => {
  it('take bounded memory for a million callers at once', () => {
    const windows = new CallerWindows();
    for (let i = 0; i < 1_000_000; i++) windows.take(rule, `caller ${i}`, 0);
    expect(windows.size).toBe(50_000 + 1024);
  });

  it('remember every caller that still counts while others flood in', () => {
    const windows = new CallerWindows();
    expect(allowedOf(windows, 'ada', 0)).toBe(2);
    for (let i = 0; i < 100_000; i++) windows.take(rule, `caller ${i}`, 0);
    expect(allowedOf(windows, 'ada', 0)).toBe(0);
  });

  it('drop the idle, the longest idle first', () => {
    const windows = new CallerWindows(3);
    windows.take(rule, 'first', 0);
    windows.take(rule, 'second', 1);
    windows.take(rule, 'third', 2);
    windows.take(rule, 'first', 500);
    windows.take(rule, 'fourth', 1001);
    expect(windows.size).toBe(3);
    expect(allowedOf(windows, 'first', 1001)).toBe(1);
  });

  it('let nobody begin anew who finds a place of his own at last', () => {
    const windows = new CallerWindows(1);
    windows.take(rule, 'first', 0);
    expect(allowedOf(windows, 'late', 500)).toBe(2);
    expect(allowedOf(windows, 'late', 1000)).toBe(0);
    expect(allowedOf(windows, 'late', 1499)).toBe(0);
    expect(allowedOf(windows, 'late', 1500)).toBe(2);
  });

  it('forget what was shared once it counts no more', () => {
    const windows = new CallerWindows(1);
    windows.take(rule, 'first', 0);
    windows.take(rule, 'late', 0);
    expect(windows.size).toBe(2);
    expect(allowedOf(windows, 'late', 5000)).toBe(2);
    expect(windows.size).toBe(1);
  });

  it('give back in a shared window, too', () => {
    const windows = new CallerWindows(1);
    windows.take(rule, 'first', 0);
    const { takenAt } = windows.take(rule, 'late', 0);
    windows.giveBack('late', takenAt!);
    windows.giveBack('never seen', 0);
    expect(allowedOf(windows, 'late', 0)).toBe(2);
  });

  it('stand still while the clock is set back', () => {
    const windows = new CallerWindows();
    expect(allowedOf(windows, 'ada', 10_000)).toBe(2);
    expect(allowedOf(windows, 'ada', 2000)).toBe(0);
    expect(windows.take(rule, 'ada', 2000).retryAfterMs).toBe(1000);
    expect(allowedOf(windows, 'ada', 11_000)).toBe(2);
  });
});
