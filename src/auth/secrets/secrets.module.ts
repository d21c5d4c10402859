import { Module } from '@nestjs/common';
import { AuthConfig } from '../../config/config.js';
import { SecretStore } from '../secret-store.port.js';
import { Secrets } from './secrets.js';

/** Loads the keys once, before anything that signs or verifies is made. */
@Module({
  providers: [
    {
      provide: Secrets,
      inject: [AuthConfig, SecretStore],
      useFactory: (config: AuthConfig, store: SecretStore) => Secrets.load(config, store),
    },
  ],
  exports: [Secrets],
})
export class SecretsModule {}
