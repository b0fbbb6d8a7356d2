//! The figures that sentences are made of.

use kerbwatt_model::{Additive, Dimension, Period, Query, Viewer};

use super::sentences::sentences;
use super::{Findings, Sentence};
use crate::patterns::statistics::concentration::concentration;
use crate::patterns::views::{DayState, Growth, Measure, Source, StepChange, days, growth, levels, taken_apart, trust};
use crate::{Coverage, Engine, EngineError, Snapshot};

/// The figures of a view: everything that its sentences may tell.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Figures {
    /// Period asked; none where there is no data at all.
    pub(super) period: Option<Period>,
    pub(super) sessions: Option<f64>,
    pub(super) utilisation: Option<f64>,
    /// Charge points in service on the last day.
    pub(super) evses: f64,
    pub(super) unused: Option<f64>,
    /// Of sessions, on the year before.
    pub(super) growth: Option<Growth>,
    /// Changes of the level of use by charge point.
    pub(super) steps: Vec<StepChange>,
    /// Charge points reported on, and the fewest of them with half of the energy.
    pub(super) half: Option<(usize, usize)>,
    /// Days with charge points in service of which nobody reported on any.
    pub(super) missing_days: usize,
    pub(super) coverage: Coverage,
    pub(super) sample: bool,
}

const SHOWN: [&str; 4] = ["sessions", "utilisation_time", "evses", "evses_unused"];

impl Engine {
    /// What the figures of what passes the question's filters say, in words.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn findings(&self, snapshot: &Snapshot, query: &Query, viewer: Viewer) -> Result<Findings, EngineError> {
        let source = Source { engine: self, snapshot, query, viewer };
        let answer = source.answer_ids(&SHOWN, &[], query.period).await?;
        let figure = |id: &str| answer.figure(id);
        let mut figures = Figures {
            period: source.period(),
            sessions: figure("sessions"),
            utilisation: figure("utilisation_time"),
            evses: figure("evses").unwrap_or(0.0),
            unused: figure("evses_unused"),
            coverage: answer.coverage.clone(),
            sample: snapshot.is_sample,
            ..Figures::default()
        };
        if let Some(period) = figures.period {
            add_course(&source, &period, &mut figures).await?;
        }
        let metrics = answer.provenance.metrics.clone();
        let (coverage, provenance) = trust(answer, &metrics);
        let sentences: Vec<Sentence> = sentences(&figures);
        Ok(Findings { sentences, coverage, provenance })
    }
}

/// Adds what takes more than one answer.
async fn add_course(source: &Source<'_>, period: &Period, figures: &mut Figures) -> Result<(), EngineError> {
    if let Ok(sessions) = Measure::of("sessions") {
        figures.growth = growth(source, &sessions, period).await?.ok();
    }
    if let Ok(use_of_time) = Measure::of("utilisation_time") {
        let (days, _) = days(source, &use_of_time, period).await?;
        figures.missing_days = days.iter().filter(|day| day.state == DayState::Missing).count();
        if let Ok(parts) = taken_apart(&days) {
            figures.steps = levels(source, &days, &parts).await?.told;
        }
    }
    let members = source.by_member(Dimension::Evse, period).await?;
    let energy: Vec<f64> =
        members.iter().filter(|member| member.is_known()).map(|member| member.sums.of(Additive::EnergyKwh)).collect();
    figures.half = concentration(&energy).half.map(|half| (energy.len(), half));
    Ok(())
}
