/** RFC 5321: the longest address that fits a mail path. */
export const EMAIL_MAX_LENGTH = 254;

/** The one spelling under which an address is stored and looked up: without blanks around it, in lower case. */
export const normalizeEmail = (email: string): string => email.trim().toLowerCase();
