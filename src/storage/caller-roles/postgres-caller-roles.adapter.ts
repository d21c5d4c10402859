import { Injectable } from '@nestjs/common';
import { CallerRoles } from '../../tools/caller-roles.port.js';
import type { ToolRole } from '../../tools/tool.js';
import { Database } from '../database/database.js';

/** The roles of the accounts in SQL. */
@Injectable()
export class PostgresCallerRoles extends CallerRoles {
  constructor(private readonly database: Database) {
    super();
  }

  override async roleOf(userId: string): Promise<ToolRole | undefined> {
    const row = await this.database.run((db) =>
      db.selectFrom('users').select('role').where('id', '=', userId).executeTakeFirst(),
    );
    return row?.role;
  }
}
