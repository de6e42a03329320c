// Vercel's AI SDK 7 (Node) sending to tracer: nothing of ours runs in your app.
//
//     tracer up                                    # in one terminal
//     cd examples/vercel_ai && npm install
//     npm start                                    # needs OPENAI_API_KEY (*)
//
// (*) Without a key: `python -m examples.openai_server --port 9000`, then
// OPENAI_BASE_URL=http://127.0.0.1:9000/v1 and OPENAI_API_KEY=none.
//
// It shows the SDK's own telemetry sent over OTLP, with user, session and tags as its
// runtime context; a tool call and a streamed answer in one trace; and a thumb up, which
// any HTTP client can give. Node 22 or newer.
import { createOpenAI } from '@ai-sdk/openai';
import { OpenTelemetry } from '@ai-sdk/otel';
import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { isStepCount, registerTelemetry, streamText, tool } from 'ai';
import { z } from 'zod';

const collector = process.env.TRACER_ENDPOINT ?? 'http://127.0.0.1:4318';
const project = 'vercel-ai';
// A collector that others can reach asks for a key, with scopes `ingest` and `edit`.
const key = process.env.TRACER_API_KEY;
const headers = key ? { authorization: `Bearer ${key}` } : {};

const sdk = new NodeSDK({
  serviceName: project, // the name of the service is the project
  traceExporter: new OTLPTraceExporter({ url: `${collector}/v1/traces`, headers }),
});
sdk.start();
registerTelemetry(new OpenTelemetry({ runtimeContext: true, usage: true }));

const who = { userId: 'ann', sessionId: 'morning', tags: ['node'] };
const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL });

const orderStatus = tool({
  description: 'Where an order is.',
  inputSchema: z.object({ order_id: z.string() }),
  execute: async ({ order_id }) => ({ order_id, status: 'on its way', arrives: 'Friday' }),
});

// A span of your own around the call: its trace has everything, and a name you chose.
const traceId = await trace.getTracer(project).startActiveSpan('answer', async (span) => {
  const answer = streamText({
    model: openai.chat('gpt-4o-mini'),
    instructions: 'Answer politely, with every fact.',
    prompt: 'Where is order A-1001?',
    tools: { order_status: orderStatus },
    stopWhen: isStepCount(3),
    runtimeContext: who,
    telemetry: {
      functionId: 'answer',
      // nothing of the context is sent unless it is named
      includeRuntimeContext: { userId: true, sessionId: true, tags: true },
    },
  });
  for await (const text of answer.textStream) process.stdout.write(text);
  span.end();
  return span.spanContext().traceId;
});
await sdk.shutdown(); // sends what is left

const scored = await fetch(`${collector}/api/v1/scores`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ project, trace_id: traceId, name: 'helpful', value: true }),
});
if (!scored.ok) throw new Error(`${scored.status}: ${await scored.text()}`);
console.log(`\ntrace ${traceId}, and a thumb up`);
