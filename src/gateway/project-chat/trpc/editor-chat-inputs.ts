import { z } from 'zod';
import { attachmentsSchema } from '../../delivery/attachment-schema.js';

const id = z.string().min(1).max(128);
const title = z.string().trim().min(1).max(200);

/** What the procedures of family C take; a field that nobody knows is ignored, as older clients send some. */
export const CREATE = z.object({
  orgId: id,
  projectId: id.nullish(),
  title: title.nullish(),
  model: z.string().min(1).max(128).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
});

export const LIST = z.object({
  orgId: id,
  projectId: id.nullish(),
  status: z.literal(['active', 'archived', 'all']).default('active'),
  limit: z.int().min(1).max(100).default(50),
  /** Chats to leave out at the beginning; a cursor is cheaper. */
  skip: z.int().min(0).max(1000).default(0),
  cursor: z.string().max(512).nullish(),
});

export const CHAT = z.object({ chatId: id });

export const SEND = z.object({
  chatId: id,
  content: z.string(),
  attachments: attachmentsSchema.nullish(),
  /** The answer comes by `GET /api/editorChat/stream/:chatId` instead. */
  stream: z.boolean().default(false),
});

export const RETITLE = z.object({ chatId: id, title });

export const AT_MESSAGE = z.object({ chatId: id, messageId: id });
