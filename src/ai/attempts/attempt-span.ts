import type { Span } from '@opentelemetry/api';
import { beginSpan } from '../../observability/tracing.js';
import type { ModelPart, ModelRequest } from '../chat-model.port.js';
import type { Candidate } from '../model-table.js';

/** The span of one attempt, in the words of OpenTelemetry's semantic conventions for generative AI. */
export function beginAttempt(
  { provider, id }: Candidate,
  request: Pick<ModelRequest, 'temperature' | 'maxTokens'>,
): Span {
  const { temperature, maxTokens } = request;
  return beginSpan({
    name: `chat ${id}`,
    kind: 'client',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': provider,
      'gen_ai.request.model': id,
      ...(temperature !== undefined && { 'gen_ai.request.temperature': temperature }),
      ...(maxTokens !== undefined && { 'gen_ai.request.max_tokens': maxTokens }),
    },
  });
}

/** Notes what a batch says of the answer as a whole. Costs nothing where nobody traces. */
export function noteBatch(span: Span, batch: readonly ModelPart[]): void {
  if (!span.isRecording()) return;
  for (const part of batch) {
    if (part.type === 'finish') span.setAttribute('gen_ai.response.finish_reasons', [part.reason]);
    if (part.type !== 'usage') continue;
    const { promptTokens, completionTokens } = part.usage;
    span.setAttributes({ 'gen_ai.usage.input_tokens': promptTokens, 'gen_ai.usage.output_tokens': completionTokens });
  }
}
