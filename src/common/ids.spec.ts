import { isUuid, newRowId, newSecretId } from './ids.js';

describe('ids', () => {
  it('sort in the order in which rows are made', () => {
    const ids = Array.from({ length: 500 }, newRowId);
    expect([...ids].sort()).toEqual(ids);
  });

  it('are told from other text', () => {
    expect([newRowId(), newSecretId()].map(isUuid)).toEqual([true, true]);
    expect(['', 'abc', `${newRowId()}0`, "'; drop table runs; --"].map(isUuid)).toEqual([false, false, false, false]);
  });
});
