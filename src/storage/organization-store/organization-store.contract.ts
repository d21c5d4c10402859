import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import type { OrganizationStore } from '../../user/organization-store.port.js';

export interface OrganizationBench {
  store: OrganizationStore;
  newUser(): Promise<string>;
}

const owned = async ({ store, newUser }: OrganizationBench) => {
  const [id, userId] = [newRowId(), await newUser()];
  await store.createOrganization(id, 'Acme', userId);
  return { id, userId, group: { kind: 'organization', id } as const };
};

/** What every store of organizations must keep. */
export const organizationStoreContract: readonly ContractCase<OrganizationBench>[] = [
  {
    name: 'makes a personal organization once, however many ask at once',
    prove: async ({ store, newUser }) => {
      const userId = await newUser();
      await Promise.all(Array.from({ length: 5 }, () => store.ensurePersonal(userId)));
      const [personal, ...more] = await store.listOrganizations(userId);
      expect(personal).toMatchObject({ id: userId, isPersonal: true, role: 'owner', createdAt: expect.anything() });
      expect(more).toEqual([]);
      await store.ensurePersonal(newRowId());
    },
  },
  {
    name: 'finds nothing that the user is not in',
    prove: async (bench) => {
      const { id, userId } = await owned(bench);
      const [projectId, stranger] = [newRowId(), await bench.newUser()];
      await bench.store.createProject(projectId, 'Rocket', id);
      expect(await bench.store.findOrganization(id, userId)).toMatchObject({ name: 'Acme', isPersonal: false });
      expect(await bench.store.findProject(projectId, userId)).toMatchObject({ organizationId: id, role: 'owner' });
      for (const unknown of [id, newRowId(), 'none']) {
        expect(await bench.store.findOrganization(unknown, stranger)).toBeUndefined();
      }
      for (const unknown of [projectId, newRowId(), 'none']) {
        expect(await bench.store.findProject(unknown, stranger)).toBeUndefined();
      }
      expect(await bench.store.listProjects(stranger)).toEqual([]);
      expect(await bench.store.listProjects(userId, newRowId())).toEqual([]);
    },
  },
  {
    name: 'gives a member of both the role that allows more',
    prove: async (bench) => {
      const { id, group } = await owned(bench);
      const [projectId, member] = [newRowId(), await bench.newUser()];
      await bench.store.createProject(projectId, 'Rocket', id);
      const project = { kind: 'project', id: projectId } as const;
      await bench.store.setMember(group, member, 'viewer');
      expect(await bench.store.setMember(project, member, 'editor')).toBe('done');
      expect(await bench.store.findProject(projectId, member)).toMatchObject({ role: 'editor' });
      await bench.store.setMember(group, member, 'admin');
      expect(await bench.store.listProjects(member, id)).toMatchObject([{ id: projectId, role: 'admin' }]);
      await bench.store.removeMember(group, member);
      expect(await bench.store.findProject(projectId, member)).toMatchObject({ role: 'editor' });
      expect(await bench.store.removeMember(project, member)).toBe('done');
      expect(await bench.store.removeMember(project, member)).toBe('missing');
    },
  },
  {
    name: 'keeps an owner, also where all go at once',
    prove: async (bench) => {
      const { userId, group } = await owned(bench);
      const second = await bench.newUser();
      expect(await bench.store.setMember(group, userId, 'viewer')).toBe('last-owner');
      await bench.store.setMember(group, second, 'owner');
      const outcomes = await Promise.all([userId, second].map((owner) => bench.store.removeMember(group, owner)));
      expect(outcomes.sort()).toEqual(['done', 'last-owner']);
      expect(await bench.store.members(group)).toMatchObject([{ role: 'owner' }]);
      for (const nobody of [newRowId(), 'nobody']) {
        expect(await bench.store.setMember(group, nobody, 'viewer')).toBe('missing');
      }
    },
  },
  {
    name: 'renames and deletes a group with its projects',
    prove: async (bench) => {
      const { id, userId, group } = await owned(bench);
      const projectId = newRowId();
      await bench.store.createProject(projectId, 'Rocket', id);
      await bench.store.rename({ kind: 'project', id: projectId }, 'Moon');
      expect(await bench.store.findProject(projectId, userId)).toMatchObject({ name: 'Moon' });
      await bench.store.delete(group);
      expect(await bench.store.findProject(projectId, userId)).toBeUndefined();
      expect(await bench.store.listOrganizations(userId)).toEqual([]);
    },
  },
];
