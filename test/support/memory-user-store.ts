import { UserStore, type NewUser } from '../../src/user/user-store.port.js';
import type { User, UserWithPassword } from '../../src/user/user.js';

/** Accounts in a map, for tests that need no database. */
export class MemoryUserStore extends UserStore {
  private readonly users = new Map<string, UserWithPassword>();

  override async insert({ id, email, passwordHash }: NewUser): Promise<User | undefined> {
    if (await this.findByEmail(email)) return undefined;
    const user: UserWithPassword = { id, email, passwordHash, role: 'user', createdAt: new Date() };
    this.users.set(id, user);
    return withoutPassword(user);
  }

  override async find(id: string): Promise<User | undefined> {
    const user = this.users.get(id);
    return user && withoutPassword(user);
  }

  override async findByEmail(email: string): Promise<UserWithPassword | undefined> {
    return [...this.users.values()].find((user) => user.email === email);
  }

  /** What no port offers yet. */
  delete(id: string): void {
    this.users.delete(id);
  }
}

const withoutPassword = ({ id, email, role, createdAt }: User): User => ({ id, email, role, createdAt });
