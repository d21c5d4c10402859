import { Module } from '@nestjs/common';
import { Organizations } from './organizations.service.js';

/** Organizations and their projects, apart from accounts: signing in needs none of it. The store is bound by the storage room. */
@Module({ providers: [Organizations], exports: [Organizations] })
export class OrganizationModule {}
