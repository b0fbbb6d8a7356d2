//! `kerbwatt submit`.

use std::path::{Path, PathBuf};

use clap::Args;
use kerbwatt_hub::{
    CHARGE_POINTS, Hub, HubError, NewReturn, Progress as _, Published, Refusal, SubmissionState, Submitted,
    TableOutcome,
};
use kerbwatt_model::{OperatorId, Period};
use serde_json::{Value, json};

use super::{Done, now, open_for_real_data, some};
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Bars;
use crate::{arguments, input, report};

/// Hand in operators' files of sessions
#[derive(Debug, Args)]
pub(crate) struct Submit {
    /// Operators' files
    #[arg(required_unless_present = "nothing_to_report", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Data folder; made where it is missing
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Whose files they are: country code, hyphen, party id, such as gb-dcc
    #[arg(long, value_name = "ID", value_parser = arguments::operator)]
    operator: OperatorId,
    /// Name of the operator on screens
    #[arg(long, value_name = "NAME")]
    operator_name: Option<String>,
    /// Layout of the files: a name, or a TOML file; recognised by header and values unless given
    #[arg(long, value_name = "NAME|FILE.toml")]
    profile: Option<String>,
    /// Days, months or years the files cover, both ends included, such as 2018-06..2018-09
    #[arg(long, value_parser = arguments::period)]
    period: Option<Period>,
    /// Accept at once, so that figures show the sessions; also accepts a file that was handed in before without it
    #[arg(long)]
    accept: bool,
    /// With --accept: leave repairs that a file proves as proposals, instead of applying them
    #[arg(long)]
    no_repairs: bool,
    /// There is nothing to report for the period: no file
    #[arg(long, conflicts_with = "files", requires = "period")]
    nothing_to_report: bool,
    /// Say that there was nothing to report also where the figures hold sessions of that time: they stay in them
    #[arg(long)]
    over_sessions: bool,
    /// Print one JSON object for each file, a line each; for each table where a file holds several
    #[arg(long)]
    json: bool,
}

/// What became of one table of a file.
struct Handed {
    file: String,
    part: String,
    result: Result<Submitted, Failure>,
}

impl Handed {
    /// Its number where it waits for somebody to look at it.
    fn held(&self) -> Option<i64> {
        let submitted = self.result.as_ref().ok().filter(|one| !one.is_accepted() && one.unread.is_none())?;
        submitted.needs_decision.then_some(submitted.submission)
    }
}

impl Submit {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        if !self.nothing_to_report && self.files.iter().all(|path| !path.is_file()) {
            // No folder is made for nothing.
            return Ok(self.without_files(output));
        }
        let bars = Bars::new();
        let hub = open_for_real_data(&self.data, "kerbwatt submit").await?;
        let (handed, passed_over) = if self.nothing_to_report {
            (vec![self.submit_nothing(&hub, output).await], Vec::new())
        } else {
            self.submit_all(&hub, &bars, output).await
        };
        let recorded_s = bars.seconds();
        let published = self.publish(&hub, &handed, &bars).await;
        let is_shown = published.as_ref().is_ok_and(Option::is_some);
        let shown_s = bars.seconds();
        let seconds = json!({
            "recorded": recorded_s,
            "in_lake": is_shown.then(|| bars.begun_s(CHARGE_POINTS).unwrap_or(shown_s)),
            "in_figures": is_shown.then_some(shown_s),
        });
        bars.clear();
        let version = published.as_ref().ok().and_then(|published| published.map(|p| p.data_version));
        if self.json {
            let current = hub.data_version().await.ok();
            for one in &handed {
                let mut object = as_json(one, version.or(current));
                object["seconds"] = seconds.clone();
                output.line(&object.to_string());
            }
            passed_over.iter().for_each(|object| output.line(&object.to_string()));
        }
        let published = published.inspect_err(|_| output.flush())?;
        if !self.json {
            output.line(&self.closing(&handed, published));
        }
        let is_well = |one: &Handed| one.result.as_ref().is_ok_and(|submitted| submitted.unread.is_none());
        Ok(if handed.iter().all(is_well) { Done::Well } else { Done::Partly })
    }

    fn without_files(&self, output: &mut Output) -> Done {
        for path in &self.files {
            let Err(failure) = input::read(path) else { continue };
            failure.tell();
            if self.json {
                let handed = Handed { file: input::name(path), part: String::new(), result: Err(failure) };
                output.line(&as_json(&handed, None).to_string());
            }
        }
        Done::Partly
    }

    /// What became of all tables, and as JSON what is no table and was passed over.
    async fn submit_all(&self, hub: &Hub, bars: &Bars, output: &mut Output) -> (Vec<Handed>, Vec<Value>) {
        let (mut all, mut passed_over) = (Vec::new(), Vec::new());
        for (at, path) in (0..).zip(&self.files) {
            bars.step("files read and recorded", at, self.files.len() as u64);
            let handed = self.submit(hub, path, output, &mut passed_over).await;
            bars.clear();
            for one in &handed {
                match &one.result {
                    Ok(submitted) => self.tell(one, submitted, output),
                    Err(failure) => failure.tell(),
                }
            }
            // Recorded on disk: whoever reads along may now rely on it.
            output.flush();
            all.extend(handed);
        }
        (all, passed_over)
    }

    fn tell(&self, one: &Handed, submitted: &Submitted, output: &mut Output) {
        if !self.json {
            output.line(&in_words(&shown(&one.file, &one.part), submitted));
        }
        if let Some(refusal) = &submitted.unread {
            output.flush();
            let what = format!(
                "{}: {refusal}; it is kept as submission {}, but not read",
                shown(&one.file, &one.part),
                submitted.submission
            );
            let advice = format!(
                "Say what its columns hold, on its page under Data, or: kerbwatt check {} --save-profile layout.toml, correct the file, kerbwatt decide {} --layout layout.toml --data {}",
                one.file,
                submitted.submission,
                self.data.display()
            );
            Failure::new(what, advice).tell();
        }
    }

    async fn submit(&self, hub: &Hub, path: &Path, output: &mut Output, passed_over: &mut Vec<Value>) -> Vec<Handed> {
        let file = input::name(path);
        let failed = |failure: Failure| Handed { file: file.clone(), part: String::new(), result: Err(failure) };
        let new = match self.new_return(path) {
            Ok(new) => new,
            Err(failure) => return vec![failed(failure)],
        };
        let tables = match hub.submit_tables(&new, now()).await {
            Ok(tables) => tables,
            Err(error) => return vec![failed(error.into())],
        };
        let mut handed = Vec::new();
        for table in tables {
            let result = match table.outcome {
                TableOutcome::Read(submitted) => Ok(submitted),
                TableOutcome::Failed(error) => Err(error.into()),
                TableOutcome::Skipped(why) => {
                    if !self.json {
                        output.line(&format!("{}\n  passed over: {why}\n", shown(&file, &table.part)));
                    }
                    passed_over.push(json!({ "file": file, "part": table.part, "skipped": why }));
                    continue;
                }
            };
            handed.push(Handed { file: file.clone(), part: table.part, result });
        }
        if handed.is_empty() {
            handed.push(failed(Failure::no_table(&file)));
        }
        handed
    }

    fn new_return(&self, path: &Path) -> Result<NewReturn, Failure> {
        let (file_name, bytes) = input::open(path)?;
        let layout = input::layout(self.profile.as_deref())?;
        Ok(NewReturn {
            profile: layout.name,
            layout: layout.text,
            period: self.period,
            accept: self.accept,
            repair: !self.no_repairs,
            over_sessions: self.over_sessions,
            ..NewReturn::of(&file_name, bytes, self.operator.clone())
        })
    }

    async fn submit_nothing(&self, hub: &Hub, output: &mut Output) -> Handed {
        let result = match self.period {
            Some(period) => {
                let submitted = hub.nothing_to_report(&self.operator, period, self.over_sessions, now());
                submitted.await.map_err(Failure::from)
            }
            // The command line asks for one.
            None => Err(HubError::NoSuch { what: "period", id: String::new() }.into()),
        };
        let handed = Handed { file: "nothing to report".to_owned(), part: String::new(), result };
        match &handed.result {
            Ok(submitted) => self.tell(&handed, submitted, output),
            Err(failure) => failure.tell(),
        }
        handed
    }

    /// One data version for all files of the command; none where there is nothing to show.
    async fn publish(&self, hub: &Hub, handed: &[Handed], bars: &Bars) -> Result<Option<Published>, Failure> {
        let is_recorded = handed.iter().any(|one| one.result.is_ok());
        let is_accepted = handed.iter().any(|one| one.result.as_ref().is_ok_and(Submitted::is_accepted));
        if let (true, Some(name)) = (is_recorded, &self.operator_name) {
            hub.name_operator(&self.operator, name)?;
        }
        if !is_accepted {
            return Ok(None);
        }
        Ok(Some(hub.publish(bars, now()).await.map_err(HubError::after_recording)?))
    }

    fn closing(&self, handed: &[Handed], published: Option<Published>) -> String {
        let data = self.data.display();
        let is_waiting = |one: &&Handed| one.result.as_ref().is_ok_and(|submitted| !submitted.is_accepted());
        let waiting = handed.iter().filter(is_waiting).count();
        let held = handed.iter().find_map(Handed::held).filter(|_| self.accept);
        if let (Some(submission), None) = (held, published) {
            let files = some(waiting, "file", "files");
            let counts = |one: &Handed| one.result.as_ref().is_ok_and(|submitted| submitted.report.totals.accepted > 0);
            if !handed.iter().any(counts) {
                return format!(
                    "Recorded, not accepted: no row of {files} counts. The rows, to be mended: kerbwatt rejected {submission} --data {data}"
                );
            }
            return format!(
                "Recorded, not accepted: no figure shows {files} so far, for somebody has to look at it first, for the reason named \
                 above. Then: kerbwatt decide {submission} --accept --data {data}, or --withdraw."
            );
        }
        match published {
            Some(published) if published.changed => format!(
                "Figures now show {}: data version {}. To see them: kerbwatt serve --data {data}",
                if handed.len() == 1 { "this file" } else { "these files" },
                published.data_version
            ),
            Some(published) => format!("Figures are as before: data version {}.", published.data_version),
            None if waiting > 0 => format!(
                "Recorded, not yet accepted: no figure shows {} so far. To accept, run the same command again with --accept.",
                some(waiting, "file", "files")
            ),
            None => format!("Nothing was recorded in {data}."),
        }
    }
}

fn shown(file: &str, part: &str) -> String {
    if part.is_empty() { file.to_owned() } else { format!("{file} › {part}") }
}

fn in_words(file: &str, submitted: &Submitted) -> String {
    let state = match submitted.state {
        SubmissionState::Accepted => "accepted",
        SubmissionState::Received => "kept, not read",
        SubmissionState::Withdrawn => "withdrawn before",
        SubmissionState::Checked => "recorded, not accepted",
    };
    let before = if submitted.repeated {
        let declared = submitted.declared_before.map_or_else(String::new, |declared| {
            let kept = declared.kept.map_or_else(|| "none".to_owned(), |kept| kept.to_string());
            format!(
                "; its declared period stays as it was, {kept}: to change it, `kerbwatt decide {} --period {}`",
                submitted.submission, declared.passed_over
            )
        });
        format!(
            " (the same file was handed in before, on {}: it is there once{declared})",
            submitted.received_at.strftime("%Y-%m-%d at %H:%M UTC")
        )
    } else {
        String::new()
    };
    if submitted.unread.is_some() {
        return format!("{file}\n  submission {}: {state}{before}\n", submitted.submission);
    }
    let report = report::words(file, &submitted.report);
    let needs = if submitted.needs_decision { "; somebody has to decide something" } else { "" };
    let waits = if submitted.is_accepted() { String::new() } else { waits(submitted) };
    format!("{report}\n  submission {}: {state}{before}{needs}\n{waits}", submitted.submission)
}

/// Why a return is not accepted unseen.
fn waits(submitted: &Submitted) -> String {
    submitted.report.held_by().map(|finding| format!("  it waits: {} [{}]\n", finding.title, finding.rule)).collect()
}

fn as_json(one: &Handed, data_version: Option<i64>) -> Value {
    match &one.result {
        Err(failure) => json!({ "file": one.file, "part": one.part, "error": failure.as_json() }),
        Ok(submitted) => {
            let mut object = report::json(&one.file, &submitted.report);
            object["part"] = json!(one.part);
            object["submission"] = json!(submitted.submission);
            object["repeated"] = json!(submitted.repeated);
            object["period_passed_over"] =
                json!(submitted.declared_before.map(|declared| report::ends(declared.passed_over)));
            object["state"] = json!(submitted.state.id());
            object["needs_decision"] = json!(submitted.needs_decision);
            object["held_by"] = json!(submitted.report.held_by().map(|finding| finding.rule).collect::<Vec<_>>());
            object["received_at"] = json!(submitted.received_at);
            object["data_version"] = json!(data_version);
            if let Some(refusal) = &submitted.unread {
                if let Refusal::UnknownLayout { proposal: Some(proposal), .. } = refusal {
                    object["profile"] = report::proposed_json(proposal);
                }
                object["error"] = json!({
                    "code": refusal.code(), "message": refusal.to_string(), "advice": refusal.advice(),
                });
            }
            object
        }
    }
}
