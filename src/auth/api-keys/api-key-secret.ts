import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'tk_';
const KEY_BYTES = 32;
const HINT_LENGTH = 4;

/** A new key: 256 random bits behind a prefix by which scanners of code and logs know it. */
export const newApiKey = (): string => PREFIX + randomBytes(KEY_BYTES).toString('base64url');

export const looksLikeApiKey = (credential: string): boolean => credential.startsWith(PREFIX);

/** What is stored of a key: SHA-256, hex. A slow hash would guard nothing here: nobody guesses 256 bits. */
export const hashOfApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** How the key begins: enough to tell one's keys apart. */
export const hintOf = (key: string): string => key.slice(0, PREFIX.length + HINT_LENGTH);
