//! What documents say of themselves is searched as what it is, wherever they are attached.

use super::binary_files::doc;
use super::files::{docx, docx_with_named_properties, odt, pdf, pdf_with_metadata, zip};
use super::mail::{File, archive_with, found, mail, take};

const MATCHING: [&str; 9] = [
    "author:clara",
    "author:\"Clara Author\"",
    "author:* title:*",
    "created:2011-05-06",
    "created>=2011-05-06T07:08:00 created<2011-06-01",
    "lastmodifiedtime:2012-05-01..2012-05-31",
    "title:*",
    "created<2012-01-01 AND lastmodifiedtime>2012-01-01",
    "created<>2011-05-07",
];
const OTHER: [&str; 6] = [
    "author:ann",
    "title:nothing",
    "created>2011-05-06",
    "lastmodifiedtime<2012-01-01",
    "NOT author:*",
    "created:2012-05-06",
];

#[test]
fn authors_titles_and_dates_of_documents_are_found() {
    let inner = mail("inner", &[("a.odt", "application/octet-stream", odt("word"))]);
    let files: [File<'_>; 8] = [
        ("a.docx", "application/octet-stream", docx(&["word"])),
        ("a.odt", "application/octet-stream", odt("word")),
        ("a.pdf", "application/pdf", pdf(&["word"])),
        ("b.docx", "application/octet-stream", docx_with_named_properties()),
        ("b.pdf", "application/pdf", pdf_with_metadata()),
        ("a.doc", "application/msword", doc("word", "")),
        ("a.zip", "application/zip", zip(&[("in/a.docx", &docx(&["word"]))])),
        ("a.eml", "message/rfc822", inner.into_bytes()),
    ];
    for file in files {
        let name = file.0;
        let archive = archive_with(&[file]);
        for query in MATCHING {
            assert_eq!(found(&archive, query), (1, 0), "{name}: {query}");
        }
        let title = if name.contains(".odt") || name == "a.eml" { "metaword" } else { "titleword" };
        assert_eq!(found(&archive, &format!("title:{title}")), (1, 0), "{name}");
        for query in OTHER {
            assert_eq!(found(&archive, query), (0, 0), "{name}: {query}");
        }
    }
}

#[test]
fn each_date_of_several_documents_counts() {
    let files = [("a.pdf", "application/pdf", pdf(&["x"])), ("b.docx", "application/octet-stream", docx(&["y"]))];
    let archive = archive_with(&files);
    take(&archive, "plain", &[]);
    assert_eq!(found(&archive, "lastmodifiedtime<2012-05-06T01:00:00"), (1, 0), "the PDF");
    assert_eq!(found(&archive, "lastmodifiedtime>2012-05-06T07:00:00"), (1, 0), "the document");
    assert_eq!(found(&archive, "NOT author:*"), (1, 0), "the mail without any");
}
