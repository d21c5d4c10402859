import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** Where a trace goes on: the W3C Trace Context header, by which another node finds it too. */
export type TraceParent = string;

const FLUSH_MS = 2000;

const tracer = trace.getTracer('talksy');

/** What a span is about. */
export interface SpanFacts {
  name: string;
  /** `client` for what a vendor is asked. */
  kind?: 'internal' | 'client';
  attributes?: Attributes;
}

/** Begins a span under what is active now, or under a trace that began elsewhere. Nothing where nobody traces. */
export function beginSpan({ name, kind, attributes = {} }: SpanFacts, parent?: TraceParent): Span {
  const under = parent ? contextOf({ traceparent: parent }) : context.active();
  return tracer.startSpan(name, { kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL, attributes }, under);
}

/** Runs `work` so that spans which begin in it belong to this one. */
export const within = <T>(span: Span, work: () => T): T => context.with(trace.setSpan(context.active(), span), work);

/** Ends a span; as failed where there is an error. Of that only the kind is told: messages may hold what people wrote. */
export function endSpan(span: Span, error?: unknown): void {
  if (error !== undefined) {
    const type = (error as { code?: string }).code ?? (error instanceof Error ? error.name : 'error');
    span.setAttribute('error.type', type);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** The header that leads to this span; undefined where nobody traces. */
export function traceParentOf(span: Span): TraceParent | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(trace.setSpan(ROOT_CONTEXT, span), carrier);
  return carrier.traceparent;
}

/** Runs `work` under the trace that a caller's headers name. */
export const underTraceOf = <T>(headers: object, work: () => T): T => context.with(contextOf(headers), work);

/** Sends what was traced, at the end of a server; does not wait long for whoever takes it. */
export async function flushTraces(): Promise<void> {
  const provider = trace.getTracerProvider() as { getDelegate?: () => { forceFlush?: () => Promise<void> } };
  const sent = provider
    .getDelegate?.()
    .forceFlush?.()
    .catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, FLUSH_MS)));
  if (sent) await Promise.race([sent, patience]);
  clearTimeout(timer);
}

const contextOf = (headers: object): Context => propagation.extract(ROOT_CONTEXT, headers);
