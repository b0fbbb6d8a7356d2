//! `kerbwatt submit`.

use std::path::{Path, PathBuf};

use clap::Args;
use kerbwatt_hub::{Hub, NewReturn, Progress as _, Published, Submitted};
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
    #[arg(required = true, value_name = "FILE")]
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
    /// Layout of the files; recognised by the header unless given
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Days, months or years the files cover, both ends included, such as 2018-06..2018-09
    #[arg(long, value_parser = arguments::period)]
    period: Option<Period>,
    /// Accept at once, so that figures show the sessions; also accepts a file that was handed in before without it
    #[arg(long)]
    accept: bool,
    /// Print one JSON object for each file, a line each
    #[arg(long)]
    json: bool,
}

/// What became of each file, in their order.
type Results = Vec<(String, Result<Submitted, Failure>)>;

impl Submit {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        if self.files.iter().all(|path| !path.is_file()) {
            // No folder is made for nothing.
            return Ok(self.without_files(output));
        }
        let bars = Bars::new();
        let hub = open_for_real_data(&self.data, "kerbwatt submit").await?;
        let results = self.submit_all(&hub, &bars, output).await;
        let published = self.publish(&hub, &results, &bars).await;
        bars.clear();
        let version = published.as_ref().ok().and_then(|published| published.map(|p| p.data_version));
        if self.json {
            let current = hub.data_version().await.ok();
            results.iter().for_each(|result| output.line(&as_json(result, version.or(current)).to_string()));
        }
        let published = published.inspect_err(|_| output.flush())?;
        if !self.json {
            output.line(&self.closing(&results, published));
        }
        Ok(if results.iter().all(|(_, result)| result.is_ok()) { Done::Well } else { Done::Partly })
    }

    fn without_files(&self, output: &mut Output) -> Done {
        for path in &self.files {
            let Err(failure) = input::read(path) else { continue };
            failure.tell();
            if self.json {
                output.line(&as_json(&(input::name(path), Err(failure)), None).to_string());
            }
        }
        Done::Partly
    }

    async fn submit_all(&self, hub: &Hub, bars: &Bars, output: &mut Output) -> Results {
        let mut results = Vec::new();
        for (at, path) in (0..).zip(&self.files) {
            bars.step("files read and recorded", at, self.files.len() as u64);
            let result = self.submit(hub, path).await;
            bars.clear();
            match &result {
                Ok(submitted) if !self.json => output.line(&in_words(&input::name(path), submitted)),
                Ok(_) => {}
                Err(failure) => failure.tell(),
            }
            // Recorded on disk: whoever reads along may now rely on it.
            output.flush();
            results.push((input::name(path), result));
        }
        results
    }

    async fn submit(&self, hub: &Hub, path: &Path) -> Result<Submitted, Failure> {
        let (file_name, bytes) = input::read(path)?;
        let profile = self.profile.clone();
        let new = NewReturn::new(&file_name, bytes, self.operator.clone());
        let file = NewReturn { profile, period: self.period, accept: self.accept, ..new };
        Ok(hub.submit(&file, now()).await?)
    }

    /// One data version for all files of the command; none where there is nothing to show.
    async fn publish(&self, hub: &Hub, results: &Results, bars: &Bars) -> Result<Option<Published>, Failure> {
        let is_recorded = results.iter().any(|(_, result)| result.is_ok());
        let is_accepted =
            results.iter().any(|(_, result)| result.as_ref().is_ok_and(|submitted| submitted.is_accepted()));
        if let (true, Some(name)) = (is_recorded, &self.operator_name) {
            hub.name_operator(&self.operator, name)?;
        }
        if !is_accepted {
            return Ok(None);
        }
        Ok(Some(hub.publish(bars, now()).await?))
    }

    fn closing(&self, results: &Results, published: Option<Published>) -> String {
        let data = self.data.display();
        let waiting = results
            .iter()
            .filter(|(_, result)| result.as_ref().is_ok_and(|submitted| !submitted.is_accepted()))
            .count();
        match published {
            Some(published) if published.changed => format!(
                "Figures now show {}: data version {}. To see them: kerbwatt serve --data {data}",
                if results.len() == 1 { "this file" } else { "these files" },
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

fn in_words(file: &str, submitted: &Submitted) -> String {
    let state = if submitted.is_accepted() { "accepted" } else { "recorded, not accepted" };
    let before = if submitted.repeated {
        format!(
            " (the same file was handed in before, on {}: it is there once)",
            submitted.received_at.strftime("%Y-%m-%d at %H:%M UTC")
        )
    } else {
        String::new()
    };
    format!("{}\n  submission {}: {state}{before}\n", report::words(file, &submitted.report), submitted.submission)
}

fn as_json((file, result): &(String, Result<Submitted, Failure>), data_version: Option<i64>) -> Value {
    match result {
        Err(failure) => json!({ "file": file, "error": failure.as_json() }),
        Ok(submitted) => {
            let mut object = report::json(file, &submitted.report);
            object["submission"] = json!(submitted.submission);
            object["repeated"] = json!(submitted.repeated);
            object["state"] = json!(if submitted.is_accepted() { "accepted" } else { "checked" });
            object["received_at"] = json!(submitted.received_at);
            object["data_version"] = json!(data_version);
            object
        }
    }
}
