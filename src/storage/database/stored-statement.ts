import { createHash } from 'node:crypto';
import {
  CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely';
import type { Tables } from './schema.js';

/** PostgreSQL's types of values, by the names of the values. */
export type ValueTypes = Readonly<Record<string, string>>;
/** What is sent for them. */
export type Values<T extends ValueTypes> = Readonly<Record<keyof T, string | number | boolean | null>>;
/** The same as parts of a statement. */
export type SqlValues<T extends ValueTypes> = Readonly<Record<keyof T, RawBuilder<unknown>>>;

interface StatementOptions<T extends ValueTypes> {
  takes: T;
  /** The columns of its rows, in its own order. */
  returns: ValueTypes;
  body(values: SqlValues<T>): RawBuilder<unknown>;
}

const HASH_LENGTH = 12;
/** Compiles and never connects. */
const COMPILER = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/**
 * A statement that the database keeps, as a function. Each connection plans it once instead of each time, which is most
 * of the cost of a statement with many parts; and only its name and values are sent. Unlike a named statement it asks
 * nothing of the connection, so poolers do not mind it.
 *
 * Its name tells its text: nodes of different versions work on one database, each with its own.
 */
export class StoredStatement<T extends ValueTypes> {
  readonly name: string;
  /** SQL that makes the function. */
  readonly definition: string;
  private readonly names: readonly string[];
  private readonly call: string;

  constructor(label: string, { takes, returns, body }: StatementOptions<T>) {
    this.names = Object.keys(takes);
    const places = this.names.map((_, at) => `$${at + 1}`);
    const inBody = this.names.map((name, at) => [name, sql.raw(`$${at + 1}`)]);
    const { sql: text, parameters } = body(Object.fromEntries(inBody) as SqlValues<T>).compile(COMPILER);
    if (parameters.length > 0) throw new Error(`${label}: a stored statement has values only from outside`);
    const columns = Object.entries(returns).map(([name, type]) => `${name} ${type}`);
    const types = Object.values(takes).join(', ');
    // A column of a table, where it is called like one of the result.
    const rest = `(${types}) returns table (${columns.join(', ')}) language plpgsql as $body$
#variable_conflict use_column
begin return query ${text}; end $body$`;
    this.name = `${label}_${createHash('sha256').update(rest).digest('hex').slice(0, HASH_LENGTH)}`;
    this.definition = `create or replace function ${this.name}${rest}`;
    this.call = `select * from ${this.name}(${places.join(', ')})`;
  }

  /** Its rows, which the caller knows the shape of. */
  async execute<Row>(db: Kysely<Tables>, values: Values<T>): Promise<Row[]> {
    const { rows } = await db.executeQuery<Row>(
      CompiledQuery.raw(
        this.call,
        this.names.map((name) => values[name]),
      ),
    );
    return rows;
  }
}

/** Values as parameters of a statement that is not kept. */
export function parametersOf<T extends ValueTypes>(types: T, values: Values<T>): SqlValues<T> {
  const parameters = Object.entries(types).map(([name, type]) => [name, sql`${values[name]}::${sql.raw(type)}`]);
  return Object.fromEntries(parameters) as SqlValues<T>;
}
