import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';

/** An id for a database row: UUID v7 (RFC 9562), so that rows made later sort later. */
export const newRowId = (): string => v7();

/** An id that must not be guessed: UUID v4, 122 random bits. */
export const newSecretId = (): string => randomUUID();

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** True for the text form of a UUID; anything else must not reach a uuid column. */
export const isUuid = (value: string): boolean => UUID.test(value);
