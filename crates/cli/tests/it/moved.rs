//! What a file shows by itself to be read otherwise than it stands: moved cells, dates in another order, starts in the future.

use crate::damage::files;
use crate::program::{Folder, HEADER, run};

#[test]
fn a_card_that_a_comma_moves_is_on_no_output_and_nowhere_in_the_data_folder() {
    let folder = Folder::new();
    let card = "CARD-0123456789";
    let row = |id: &str, connector: &str, energy: &str, fee: &str| {
        format!("{id},E1,D1,{connector},2024-03-0{id}T08:00:00Z,2024-03-0{id}T09:00:00Z,,{energy},{fee},{card}\n")
    };
    let moved = [row("1", "1, left", "7.5", "320"), row("2", "1", "12,5", "320"), row("3", "1", "7", "3,20")].concat();
    let file =
        folder.file("r.csv", format!("{HEADER}{moved}4,E1,D1,1,2024-03-04T08:00:00Z,2024-03-04T09:00:00Z,,7,,\n"));
    let data = folder.text("data");
    let mut seen = run(&["check", &file, "--rejected", &folder.text("mend.csv")]).well();
    seen += &run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept", "--json"]).well();
    seen += &run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    assert!(seen.contains("too_many_cells") && seen.contains("\"accepted\":1"), "{seen}");
    seen += &run(&["export", "sessions", "--data", &data]).well();
    let rejected = run(&["rejected", "1", "--data", &data]).well();
    let mend = std::fs::read_to_string(folder.path("mend.csv")).unwrap_or_default();
    assert!(rejected.contains("too_many_cells") && mend.contains("too_many_cells"), "{rejected} {mend}");
    assert!(!(seen + &rejected + &mend).contains(card));
    for path in files(&folder.path("data")) {
        let bytes = std::fs::read(&path).expect("a file of the folder");
        assert!(!bytes.windows(card.len()).any(|window| window == card.as_bytes()), "{}", path.display());
    }
    // Sent again as they are, they are no sessions.
    let again = folder.file("again.csv", rejected);
    let checked = run(&["check", &again, "--json"]).objects().remove(0);
    assert_eq!(checked["accepted"], 0, "{checked}");
}

#[test]
fn a_known_layout_with_the_month_first_waits_for_somebody_to_say_so() {
    let folder = Folder::new();
    let header =
        "Charging event,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model\n";
    let rows: String =
        (1..=28).map(|day| format!("{day},5{day},1,3/{day}/2018,08:00,3/{day}/2018,12:00,7.5,0,,,\n")).collect();
    let (data, file) = (folder.text("data"), folder.file("r.csv", format!("{header}{rows}")));
    run(&["check", &file]).refused("the month first", "confirm the layout");
    let ran = run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(said.contains("the month first, such as “3/13/2018 08:00”"), "{said}");
    let export = run(&["export", "sessions", "--data", &data]).well();
    assert_eq!(export.lines().count(), 1, "only the header: {export}");
}

#[test]
fn a_start_in_the_future_is_kept_apart_and_stays_so_when_all_is_made_anew() {
    let folder = Folder::new();
    let rows = "1,E1,D1,1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,,7.5,,\n\
                2,E1,D1,1,2094-03-01T08:00:00Z,2094-03-01T09:00:00Z,,7.5,,\n";
    let (data, file) = (folder.text("data"), folder.file("r.csv", format!("{HEADER}{rows}")));
    assert!(run(&["check", &file]).well().contains("[start_in_future]"));
    let submitted =
        run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept", "--json"]).objects().remove(0);
    assert_eq!(submitted["period"]["found"]["to"], "2024-03-01");
    run(&["rebuild", "--data", &data]).well();
    run(&["verify", "--data", &data]).well();
    assert!(run(&["rejected", "1", "--data", &data]).well().contains("start_in_future"));
}
