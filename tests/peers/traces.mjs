// A tool's span by the OpenTelemetry SDK for Node: node traces.mjs http|proto URL KEY
import { TracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { OTLPTraceExporter as Json } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as Protobuf } from '@opentelemetry/exporter-trace-otlp-proto';

const [format, url, key] = process.argv.slice(2);
const exporter = new (format === 'http' ? Json : Protobuf)({ url, headers: { Authorization: `Bearer ${key}` }, compression: 'gzip' });
const failures = [];
const watched = {
  export: (spans, done) => exporter.export(spans, (result) => { if (result.code !== 0) failures.push(result.error); done(result); }),
  shutdown: () => exporter.shutdown(),
  forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
};
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: watched })] });
const span = provider.getTracer('peers').startSpan('execute_tool get_weather', {
  attributes: {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'get_weather',
    'gen_ai.tool.call.arguments': '{"city":"Oslo"}',
    'gen_ai.tool.call.result': 'rain',
    'gen_ai.agent.name': 'forecaster',
    'user.id': 'alice',
  },
});
span.end();
await provider.forceFlush();
await provider.shutdown();
if (failures.length > 0) {
  console.error(failures);
  process.exit(1);
}
