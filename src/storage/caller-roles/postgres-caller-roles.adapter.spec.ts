import { insertUser, onEachDatabase } from '../../../test/support/test-database.js';
import { newRowId } from '../../common/ids.js';
import { PostgresCallerRoles } from './postgres-caller-roles.adapter.js';

describe('PostgresCallerRoles', () => {
  onEachDatabase((database) => {
    it('says what an account may do now, and nothing of one that is not there', async () => {
      const roles = new PostgresCallerRoles(database());
      const userId = await insertUser(database());
      expect(await roles.roleOf(userId)).toBe('user');
      await database().run((db) => db.updateTable('users').set({ role: 'admin' }).where('id', '=', userId).execute());
      expect(await roles.roleOf(userId)).toBe('admin');
      expect(await roles.roleOf(newRowId())).toBeUndefined();
    });
  });
});
