//! Numbers for the monitoring, in the text form of Prometheus. Labels are routes as the program has them, never what somebody
//! asked for: no number names a person.

use std::time::Duration;

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
};
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    TextEncoder, process_collector::ProcessCollector,
};

/// Ends of the classes of time that a request took, in seconds.
const SECONDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.4, 1.0, 5.0, 30.0];

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    children: IntGauge,
    run_time: IntGauge,
    head_time: IntGauge,
    heads_lost: IntCounter,
}

impl Metrics {
    /// All at zero.
    ///
    /// # Errors
    /// When two numbers have one name.
    pub(crate) fn new() -> prometheus::Result<Self> {
        let requests = Opts::new("baoxue_requests_total", "Requests answered");
        let seconds = HistogramOpts::new("baoxue_request_seconds", "Time until the answer");
        let metrics = Self {
            registry: Registry::new(),
            requests: IntCounterVec::new(requests, &["route", "method", "status"])?,
            seconds: HistogramVec::new(seconds.buckets(SECONDS.to_vec()), &["route"])?,
            children: IntGauge::new("baoxue_children", "Children of the run that is shown")?,
            run_time: IntGauge::new(
                "baoxue_run_time_seconds",
                "When the run that is shown was made",
            )?,
            head_time: IntGauge::new(
                "baoxue_head_time_seconds",
                "When the newest head was signed and kept in every folder",
            )?,
            heads_lost: IntCounter::new(
                "baoxue_heads_not_kept_total",
                "Heads that could not be signed or not be written to a folder",
            )?,
        };
        let all = &metrics.registry;
        all.register(Box::new(metrics.requests.clone()))?;
        all.register(Box::new(metrics.seconds.clone()))?;
        all.register(Box::new(metrics.children.clone()))?;
        all.register(Box::new(metrics.run_time.clone()))?;
        all.register(Box::new(metrics.head_time.clone()))?;
        all.register(Box::new(metrics.heads_lost.clone()))?;
        all.register(Box::new(ProcessCollector::for_self()))?;
        Ok(metrics)
    }

    /// A request was answered.
    pub(crate) fn answered(&self, asked: &Asked, status: u16, took: Duration) {
        let labels = [&*asked.route, asked.method, &status.to_string()];
        self.requests.with_label_values(&labels).inc();
        self.seconds.with_label_values(&[&asked.route]).observe(took.as_secs_f64());
    }

    /// So many children are shown, of the run made then (seconds since 1970).
    pub(crate) fn shows(&self, children: usize, run_time: i64) {
        self.children.set(i64::try_from(children).unwrap_or(i64::MAX));
        self.run_time.set(run_time);
    }

    /// A head was signed and kept (seconds since 1970), or was not.
    pub(crate) fn head(&self, kept_at: Option<i64>) {
        match kept_at {
            Some(time) => self.head_time.set(time),
            None => self.heads_lost.inc(),
        }
    }

    /// All numbers as text.
    ///
    /// # Errors
    /// When a number cannot be read.
    pub(crate) fn text(&self) -> prometheus::Result<Vec<u8>> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

/// What of a request is counted: its route as the program has it, and a method that is known.
#[derive(Debug)]
pub(crate) struct Asked {
    route: String,
    method: &'static str,
}

impl Asked {
    /// Of a request before it is answered.
    pub(crate) fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        let method = match *request.method() {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            Method::PUT => "PUT",
            _ => "other",
        };
        Self { route: route.map_or("none", MatchedPath::as_str).to_owned(), method }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_by_route() {
        let metrics = Metrics::new().unwrap();
        let asked = Asked { route: "/children/{child}".to_owned(), method: "GET" };
        metrics.answered(&asked, 200, Duration::from_millis(20));
        metrics.answered(&asked, 200, Duration::from_millis(60));
        metrics.shows(7, 1_700_000_000);
        metrics.head(None);
        let text = String::from_utf8(metrics.text().unwrap()).unwrap();
        for line in [
            "baoxue_requests_total{method=\"GET\",route=\"/children/{child}\",status=\"200\"} 2",
            "baoxue_request_seconds_bucket{route=\"/children/{child}\",le=\"0.025\"} 1",
            "baoxue_request_seconds_count{route=\"/children/{child}\"} 2",
            "baoxue_children 7",
            "baoxue_heads_not_kept_total 1",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert!(text.contains("process_resident_memory_bytes"), "{text}");
    }
}
