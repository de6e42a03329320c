// Vercel's AI SDK 6: its own telemetry, with who asks as telemetry metadata.
import { readFileSync } from 'node:fs';
import { createOpenAI } from '@ai-sdk/openai';
import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { embed, generateText, streamText, tool } from 'ai';
import { z } from 'zod';

const story = JSON.parse(readFileSync(new URL('story.json', import.meta.url)));
const sdk = new NodeSDK({ traceExporter: new OTLPTraceExporter() });
sdk.start();
const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL });

const told = (functionId) => ({
  isEnabled: true,
  functionId,
  metadata: { userId: story.user, sessionId: story.session, tags: story.tags, ...story.metadata },
});
const { name, description } = story.tool.function;
const tools = {
  [name]: tool({
    description,
    inputSchema: z.object({ order_id: z.string() }),
    execute: async () => story.tool_result,
  }),
};

await trace.getTracer('support').startActiveSpan('answer', async (root) => {
  await trace.getTracer('support').startActiveSpan('search', async (span) => span.end());
  const messages = [{ role: 'user', content: story.question }];
  const asked = await generateText({
    model: openai.chat(story.model), system: story.system, messages, tools, temperature: 0,
    experimental_telemetry: told('ask'),
  });
  const streamed = streamText({
    model: openai.chat(story.model), system: story.system, temperature: 0,
    messages: [...messages, ...asked.response.messages],
    experimental_telemetry: told('answer'),
  });
  for await (const text of streamed.textStream) void text;
  await embed({
    model: openai.embedding(story.embedding_model), value: story.question,
    experimental_telemetry: told('embed'),
  });
  try {
    await generateText({
      model: openai.chat(story.absent_model), messages, maxRetries: 0,
      experimental_telemetry: told('absent'),
    });
  } catch (error) {
    if (!error.message.includes('does not exist')) throw error;
  }
  root.end();
});
await sdk.shutdown();
