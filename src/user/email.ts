/** RFC 5321: the longest address that fits a mail path. */
export const EMAIL_MAX_LENGTH = 254;

/** RFC 2606: no mail reaches it and nobody can own it, so accounts without an owner's address have theirs here. */
const NOWHERE = '.invalid';

/** The one spelling under which an address is stored and looked up: without blanks around it, NFC, in lower case. */
export const normalizeEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** The address of an account that no person registered. */
export const inventedEmail = (name: string, kind: 'guest' | 'service'): string => `${name}@${kind}${NOWHERE}`;

/** True for addresses that only the server itself may give. */
export const isInventedEmail = (email: string): boolean => normalizeEmail(email).endsWith(NOWHERE);
