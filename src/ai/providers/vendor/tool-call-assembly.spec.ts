import type { ToolCallDelta } from './completion-chunk.js';
import { ToolCallAssembly } from './tool-call-assembly.js';

function assembled(...deltas: ToolCallDelta[]) {
  const assembly = new ToolCallAssembly();
  for (const delta of deltas) assembly.add(delta);
  return assembly.complete();
}

describe('Tool calls in pieces', () => {
  it('are put together by index, in whatever order they come', () => {
    expect(
      assembled(
        { index: 1, id: 'b', function: { name: 'g', arguments: '{"y"' } },
        { index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } },
        { index: 1, function: { arguments: ':2}' } },
        { index: 0, function: { name: null, arguments: ':1}' } },
      ),
    ).toEqual([
      { callId: 'a', name: 'f', arguments: '{"x":1}' },
      { callId: 'b', name: 'g', arguments: '{"y":2}' },
    ]);
  });

  it('are told apart by their ids where there is no index', () => {
    const deltas = [
      { id: 'a', function: { name: 'f' } },
      { function: { arguments: '{}' } },
      { id: 'b', function: { name: 'g' } },
    ];
    expect(assembled(...deltas).map(({ callId }) => callId)).toEqual(['a', 'b']);
  });

  it('get an id and arguments where the vendor gives none', () => {
    expect(assembled({ function: { name: 'f' } })).toEqual([
      { callId: expect.stringMatching(/^call_.{36}$/), name: 'f', arguments: '{}' },
    ]);
    expect(assembled({ index: 0, id: 'a', function: null })[0]).toMatchObject({ arguments: '{}' });
  });
});
