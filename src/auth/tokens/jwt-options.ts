import { type JwtModuleOptions, JwtSecretRequestType } from '@nestjs/jwt';
import type { Secrets } from '../secrets/secrets.js';
import { SIGN_RULES, VERIFY_RULES } from './token-rules.js';

/** Signs with the newest key and names it; verifies with whichever of ours the token was signed with. */
export function jwtOptions(secrets: Secrets): JwtModuleOptions {
  return {
    signOptions: { ...SIGN_RULES, keyid: secrets.signing.id },
    verifyOptions: VERIFY_RULES,
    secretOrKeyProvider: (type, token) =>
      type === JwtSecretRequestType.SIGN ? secrets.signing.key : secrets.verifying(String(token)),
  };
}
