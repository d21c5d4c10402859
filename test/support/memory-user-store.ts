import { type NewUser, type UserChange, type UserRefusal, UserStore } from '../../src/user/user-store.port.js';
import type { User, UserWithPassword } from '../../src/user/user.js';

/** Accounts in a map, for tests that need no database. */
export class MemoryUserStore extends UserStore {
  /** How often an account was looked up by its id. */
  lookups = 0;
  private readonly users = new Map<string, UserWithPassword>();

  override async insert({ id, email, passwordHash, role = 'user' }: NewUser): Promise<User | undefined> {
    if (await this.findByEmail(email)) return undefined;
    const user: UserWithPassword = { id, email, passwordHash, role, createdAt: new Date(), disabledAt: undefined };
    this.users.set(id, user);
    return withoutPassword(user);
  }

  override async find(id: string): Promise<User | undefined> {
    this.lookups += 1;
    const user = this.users.get(id);
    return user && withoutPassword(user);
  }

  override async findByEmail(email: string): Promise<UserWithPassword | undefined> {
    return [...this.users.values()].find((user) => user.email === email);
  }

  override async list(limit: number, after = ''): Promise<User[]> {
    const behind = [...this.users.values()].filter(({ id }) => id > after);
    return behind
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(withoutPassword);
  }

  override async change(id: string, { role, disabled }: UserChange): Promise<User | UserRefusal> {
    const user = this.users.get(id);
    if (!user) return 'missing';
    if ((disabled || (role && role !== 'admin')) && this.isLastAdmin(user)) return 'last-admin';
    if (role) user.role = role;
    if (disabled !== undefined) user.disabledAt = disabled ? (user.disabledAt ?? new Date()) : undefined;
    return withoutPassword(user);
  }

  override async setPassword(id: string, passwordHash: string): Promise<boolean> {
    const user = this.users.get(id);
    if (user) user.passwordHash = passwordHash;
    return user !== undefined;
  }

  override async delete(id: string): Promise<'deleted' | UserRefusal> {
    const user = this.users.get(id);
    if (!user) return 'missing';
    if (this.isLastAdmin(user)) return 'last-admin';
    this.users.delete(id);
    return 'deleted';
  }

  /** Knows no sign-ins: every guest is stranded. */
  override async deleteStrandedGuests(before: Date, limit: number): Promise<number> {
    const guests = [...this.users.values()].filter((user) => user.role === 'guest' && user.createdAt < before);
    for (const { id } of guests.slice(0, limit)) this.users.delete(id);
    return Math.min(guests.length, limit);
  }

  private isLastAdmin(user: User): boolean {
    const admins = [...this.users.values()].filter(({ role, disabledAt }) => role === 'admin' && !disabledAt);
    return admins.length === 1 && admins[0]!.id === user.id;
  }
}

const withoutPassword = ({ passwordHash: _hash, ...user }: UserWithPassword): User => ({ ...user });
