import { initTRPC } from '@trpc/server';
import type { Response } from 'express';
import type { Principal } from '../../../auth/principal.js';
import type { EditorChatAnswers } from './editor-chat-answers.service.js';
import type { EditorChatCatalog } from '../editor-chat-catalog.service.js';
import { AT_MESSAGE, CHAT, CREATE, LIST, RETITLE, SEND } from './editor-chat-inputs.js';
import { toTrpcError, wireErrorOf } from './trpc-errors.js';

/** What a procedure knows of its call. */
export interface TrpcContext {
  who: Principal;
  response: Response;
  requestId: string;
}

const t = initTRPC.context<TrpcContext>().create({
  isDev: false,
  errorFormatter: ({ shape, error, ctx }) => {
    const wire = wireErrorOf(error, ctx?.requestId ?? '');
    return { ...shape, message: wire.message, data: { ...shape.data, error: wire } };
  },
});

const procedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (result.ok || !result.error.cause || 'issues' in result.error.cause) return result;
  throw toTrpcError(result.error.cause);
});

/** The procedures of family C: each reads its input and hands it on. */
export function editorChatRouter(chats: EditorChatCatalog, answers: EditorChatAnswers) {
  const editorChat = t.router({
    create: procedure.input(CREATE).mutation(({ ctx, input }) => chats.create(ctx.who.userId, input)),
    list: procedure.input(LIST).query(({ ctx, input }) => chats.list(ctx.who.userId, input)),
    get: procedure.input(CHAT).query(({ ctx, input }) => chats.get(ctx.who.userId, input.chatId)),
    sendMessage: procedure.input(SEND).mutation(({ ctx, input, signal }) => answers.send(ctx, input, signal)),
    updateTitle: procedure
      .input(RETITLE)
      .mutation(({ ctx, input }) => chats.updateTitle(ctx.who.userId, input.chatId, input.title)),
    delete: procedure.input(CHAT).mutation(({ ctx, input }) => chats.delete(ctx.who.userId, input.chatId)),
    fork: procedure
      .input(AT_MESSAGE)
      .mutation(({ ctx, input }) => chats.fork(ctx.who.userId, input.chatId, input.messageId)),
    regenerate: procedure
      .input(AT_MESSAGE)
      .mutation(({ ctx, input, signal }) => answers.regenerate(ctx, input, signal)),
  });
  return t.router({ editorChat });
}

/** What a typed tRPC client is made for. */
export type EditorChatRouter = ReturnType<typeof editorChatRouter>;
