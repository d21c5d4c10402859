import { ValidateBy, type ValidationArguments } from 'class-validator';
import { z } from 'zod';
import { MAX_ATTACHMENTS } from '../../run/attachments.js';

const name = z.string('must be text').min(1, 'must not be empty').max(255, 'must have at most 255 characters');
/** A picture's address, or the picture itself. */
export const imageUrl = z
  .string('must be text')
  .regex(/^(https?:\/\/|data:image\/[\w.+-]+;base64,)/, 'must be an http(s) address or a data:image/…;base64, URL');

const wellFormed = (value: string): string => value.toWellFormed().replaceAll('\0', '\ufffd');

/** An image by address or by its data, or a text file. */
const attachment = z.discriminatedUnion(
  'type',
  [
    z.object({
      type: z.literal('image'),
      url: imageUrl,
      name: name.optional(),
    }),
    z.object({ type: z.literal('file'), content: z.string('must be text').transform(wellFormed), name }),
  ],
  'must be {type: "image", url, name} or {type: "file", content, name}',
);

/** What may come with a message, in every family that takes attachments. */
export const attachmentsSchema = z.array(attachment).max(MAX_ATTACHMENTS, `at most ${MAX_ATTACHMENTS} are allowed`);

/** For DTOs: the same, told in one line that names the field at fault. */
export function AreAttachments(): PropertyDecorator {
  return ValidateBy({
    name: 'areAttachments',
    validator: {
      validate: (value: unknown) => attachmentsSchema.safeParse(value).success,
      defaultMessage: (args?: ValidationArguments) => faultOf(args?.value),
    },
  });
}

function faultOf(value: unknown): string {
  const issue = attachmentsSchema.safeParse(value).error?.issues[0];
  return `${['attachments', ...(issue?.path ?? [])].map(String).join('.')}: ${issue?.message}`;
}
