import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import type { ConversationDirectory } from '../../conversation/conversation-directory.port.js';
import { claimOf, codeOf, playTurn, type RunBench } from '../run-store/run-bench.contract.js';

export interface DirectoryBench extends RunBench {
  directory: ConversationDirectory;
}

/** A conversation with one turn; its id. */
const talk = async (bench: DirectoryBench, userId: string, content = 'hello', answer = 'hi') =>
  (await playTurn(bench, { userId, content, answer })).conversationId!;

const idsOf = async (bench: DirectoryBench, query: Partial<Parameters<ConversationDirectory['list']>[0]>) =>
  (await bench.directory.list({ userId: '', limit: 10, ...query })).map(({ conversation }) => conversation.id);

/** What every directory of conversations must keep; the numbers are those of the port's guarantees. */
export const conversationDirectoryContract: readonly ContractCase<DirectoryBench>[] = [
  {
    name: '1: lists what the user owns or is a member of, changed last first',
    prove: async (bench) => {
      const [userId, other] = [await bench.newUser(), await bench.newUser()];
      const [first, second] = [await talk(bench, userId), await talk(bench, userId)];
      const foreign = await talk(bench, other);
      expect(await idsOf(bench, { userId })).toEqual([second, first]);
      await playTurn(bench, { userId, conversationId: first });
      expect(await idsOf(bench, { userId })).toEqual([first, second]);
      await bench.directory.setMember(foreign, userId, 'viewer');
      await bench.directory.change(foreign, { title: 'Shared' });
      const [shared] = await bench.directory.list({ userId, limit: 1 });
      expect(shared).toMatchObject({ conversation: { id: foreign, title: 'Shared', userId: other }, role: 'viewer' });
      expect(await idsOf(bench, { userId: other })).toEqual([foreign]);
    },
  },
  {
    name: '1: pages without gaps and repeats, and refuses what is no cursor',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const all: string[] = [];
      for (let i = 0; i < 7; i++) {
        const id = newRowId();
        expect(await bench.directory.create({ id, userId, title: `no. ${i}` })).toBe(true);
        all.unshift(id);
      }
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await bench.directory.list({ userId, limit: 3, ...(after && { after }) });
        seen.push(...page.map(({ conversation }) => conversation.id));
        after = page.at(-1)?.cursor;
      } while (after);
      expect(seen).toEqual(all);
      expect(await codeOf(bench.directory.list({ userId, limit: 3, after: 'x' }))).toBe('VALIDATION_ERROR');
    },
  },
  {
    name: '1: looks through titles and whole messages, by the beginnings of words in any order',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const zebra = await talk(bench, userId, 'What has Stripes?', 'A zebra, see example.com and naïve.');
      const titled = newRowId();
      await bench.directory.create({ id: titled, userId, title: 'On 100% of Zebras' });
      await talk(bench, await bench.newUser(), 'zebra', 'zebra');
      const found = (text: string) => idsOf(bench, { userId, text });
      expect(await found('ZEB')).toEqual([titled, zebra]);
      expect(await found('see zebra')).toEqual([zebra]);
      expect(await found('example.com')).toEqual([zebra]);
      expect(await found('naïve')).toEqual([zebra]);
      expect(await found('100%')).toEqual([titled]);
      expect(await found('stripes zebra')).toEqual([]);
      for (const odd of ["'", "it's & | ! :*", '\\', '%', '()'])
        expect(await found(odd)).toEqual(odd === '%' ? [titled] : []);
    },
  },
  {
    name: '1: sorts away what is archived',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const [kept, archived] = [await talk(bench, userId), await talk(bench, userId)];
      await bench.directory.change(archived, { archived: true });
      expect(await idsOf(bench, { userId, archived: false })).toEqual([kept]);
      expect(await idsOf(bench, { userId, archived: true })).toEqual([archived]);
      expect(await idsOf(bench, { userId })).toHaveLength(2);
      expect(await idsOf(bench, { userId, organizationId: userId, archived: false })).toEqual([kept]);
      await bench.directory.change(archived, { archived: false });
      expect((await bench.conversations.find(archived))!.archivedAt).toBeUndefined();
    },
  },
  {
    name: 'keeps settings, also of a message, and takes them away',
    prove: async (bench) => {
      const [id, userId] = [newRowId(), await bench.newUser()];
      const settings = { model: 'mock-2', temperature: 0, systemPrompt: 'Be brief.' };
      await bench.directory.create({ id, userId, title: 'T', ...settings });
      expect(await bench.directory.create({ id, userId })).toBe(false);
      const { run, seen } = await bench.runs.claim(claimOf({ userId, conversationId: id }));
      expect(run.requestedModel).toBe('mock-2');
      expect(seen).toEqual({ settings, isFirst: true });
      expect(await bench.conversations.settingsFor(run.userMessageId!)).toEqual(settings);
      await bench.directory.change(id, { model: null, temperature: 2, systemPrompt: null });
      expect(await bench.conversations.settingsFor(run.messageId!)).toEqual({ temperature: 2 });
      expect(await bench.conversations.settingsFor(newRowId())).toEqual({});
      await bench.directory.retitle(id, 'Another', 'Never');
      await bench.directory.retitle(id, 'T', 'Now');
      expect(await bench.conversations.find(id)).toMatchObject({ title: 'Now', temperature: 2 });
    },
  },
  {
    name: '2: deletes a conversation with everything in it',
    prove: async (bench) => {
      const run = await playTurn(bench);
      const id = run.conversationId!;
      expect(await bench.directory.delete(id, 10)).toEqual([run.id]);
      expect(await bench.directory.delete(id, 10)).toBeUndefined();
      expect(await bench.conversations.find(id)).toBeUndefined();
      expect(await bench.conversations.findMessage(run.messageId!)).toBeUndefined();
      expect(await bench.runs.find(run.id)).toBeUndefined();
    },
  },
  {
    name: '3: adds, changes and removes members, but not the owner',
    prove: async (bench) => {
      const [userId, member] = [await bench.newUser(), await bench.newUser()];
      const id = await talk(bench, userId);
      const { directory, conversations } = bench;
      expect(await directory.setMember(id, member, 'viewer')).toBe(true);
      expect(await directory.setMember(id, member, 'editor')).toBe(true);
      expect(await directory.setMember(id, userId, 'viewer')).toBe(false);
      expect(await directory.setMember(id, newRowId(), 'viewer')).toBe(false);
      expect(await directory.setMember(id, 'nobody', 'viewer')).toBe(false);
      expect(await directory.members(id)).toEqual([
        { userId, email: `${userId}@example.com`, role: 'owner' },
        { userId: member, email: `${member}@example.com`, role: 'editor' },
      ]);
      expect(await conversations.findFor(id, member)).toMatchObject({ role: 'editor', conversation: { id } });
      expect(await directory.removeMember(id, member)).toBe(true);
      expect(await directory.removeMember(id, member)).toBe(false);
      expect(await directory.removeMember(id, 'nobody')).toBe(false);
      expect(await conversations.findFor(id, member)).toBeUndefined();
    },
  },
  {
    name: 'knows the personal place of everybody, and none that is unknown',
    prove: async ({ directory, newUser }) => {
      const userId = await newUser();
      expect(await directory.findPlace(userId, {})).toEqual({ role: 'owner' });
      expect(await directory.findPlace(userId, { organizationId: userId })).toEqual({ role: 'owner' });
      for (const id of [newRowId(), 'none']) {
        expect(await directory.findPlace(userId, { organizationId: id })).toBeUndefined();
        expect(await directory.findPlace(userId, { projectId: id })).toBeUndefined();
        expect(await directory.list({ userId, limit: 9, organizationId: id })).toEqual([]);
        expect(await directory.list({ userId, limit: 9, projectId: id })).toEqual([]);
      }
    },
  },
];
