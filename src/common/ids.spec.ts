import { isUuid, newRowId, newSecretId } from './ids.js';

describe('ids', () => {
  it('sort in the order in which rows are made', () => {
    const ids = Array.from({ length: 500 }, newRowId);
    expect([...ids].sort()).toEqual(ids);
  });

  it('are different, and say when they were made, however many are made at once', () => {
    const before = Date.now();
    const ids = Array.from({ length: 5000 }, newRowId);
    expect(new Set(ids.map((id) => id.slice(-12))).size).toBeGreaterThan(4990);
    const made = ids.map((id) => parseInt(id.replace('-', '').slice(0, 12), 16));
    expect(Math.min(...made)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...made)).toBeLessThanOrEqual(Date.now());
  });

  it('are told from other text', () => {
    expect([newRowId(), newSecretId()].map(isUuid)).toEqual([true, true]);
    expect(['', 'abc', `${newRowId()}0`, "'; drop table runs; --"].map(isUuid)).toEqual([false, false, false, false]);
  });
});
