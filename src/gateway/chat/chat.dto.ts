import { IsOptional, IsString, Length, Matches } from 'class-validator';

const ID = /^[A-Za-z0-9_-]{1,128}$/;
const ID_MESSAGE = { message: 'conversationId must have 1 to 128 of letters, digits, _ and -' };

/** `join_conversation` and `leave_conversation`. */
export class ConversationRoomDto {
  @IsString({ message: 'conversationId must be a string' })
  @Length(1, 128, { message: 'conversationId must have 1 to 128 characters' })
  conversationId!: string;
}

/** `stream_chat` and `POST /api/chat`. What is in `message` is checked where every way in meets. */
export class ChatMessageDto {
  @IsString({ message: 'message must be a string' })
  message!: string;

  @IsOptional()
  @IsString({ message: 'conversationId must be a string' })
  @Matches(ID, ID_MESSAGE)
  conversationId?: string;
}
