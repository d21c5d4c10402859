import { Module } from '@nestjs/common';
import { ConversationAccess } from './conversation-access.service.js';
import { ConversationBranches } from './conversation-branches.service.js';
import { ConversationCatalog } from './conversation-catalog.service.js';
import { ConversationExport } from './conversation-export.service.js';
import { ConversationMembers } from './conversation-members.service.js';
import { ConversationService } from './conversation.service.js';

const SERVICES = [
  ConversationAccess,
  ConversationBranches,
  ConversationCatalog,
  ConversationExport,
  ConversationMembers,
  ConversationService,
];

/** Durable conversations and who may do what with them. The stores behind them are bound by the storage room. */
@Module({ providers: SERVICES, exports: SERVICES })
export class ConversationModule {}
