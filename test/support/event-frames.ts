import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** The events of a response as they come; what is sent after the caller stops reading is lost, as on a cut connection. */
export async function* eventsOf(response: Response): AsyncGenerator<EventSourceMessage> {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
    parser.feed(bytes);
    yield* events.splice(0);
  }
}
