//! Traces for OpenTelemetry: which request led to which command and which delivery, and how long each took. Only spans
//! leave, and only ours; they know the template of a route, the name of a use case, an event and a status, never a person,
//! an address or what was typed.

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::time::Duration;
use tokio::runtime::Handle;
use tracing::{Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

/// What is under way to the collector; the rest of it leaves at the end.
#[derive(Debug, Clone)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Sends to this address: all of it, for instance `http://127.0.0.1:4318/v1/traces`.
    pub fn to(address: &str) -> Result<Self, String> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpJson)
            .with_endpoint(address)
            .with_timeout(Duration::from_secs(5))
            .with_http_client(Sender { client: reqwest::Client::new(), runtime: Handle::current() })
            .build()
            .map_err(|error| format!("{address}: {error}"))?;
        let resource = Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.name", "regie"),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            ])
            .build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// What feeds it.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        // Events hold words of errors; where in our source a span stands and which thread ran it helps nobody.
        let ours =
            filter_fn(|it| it.is_span() && *it.level() <= Level::DEBUG && it.target().starts_with("regie"));
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("regie"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_filter(ours)
    }

    /// Sends what is left. A collector that is away holds up a stop for a few seconds at most.
    pub fn end(&self) {
        if let Err(error) = self.0.shutdown_with_timeout(Duration::from_secs(6)) {
            tracing::warn!(%error, "the last traces did not reach the collector");
        }
    }
}

/// The exporter waits on a thread of its own; what it sends travels with everything else.
#[derive(Debug)]
struct Sender {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let request = reqwest::Request::try_from(request)?;
        let sent = async move {
            let answer = client.execute(request).await?;
            let status = answer.status();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        };
        let (status, body) = self.runtime.spawn(sent).await??;
        Ok(http::Response::builder().status(status).body(body)?)
    }
}
