//! Each format, by its content whatever it is called.

use super::binary_files::{doc, encrypted, msg, ppt, tnef, xls};
use super::files::{docx, docx_of, gzip, odt, pdf, pdf_with_page, pptx, tar, xlsx, zip};
use super::mail::{File, archive_with, found, mail, reasons};

/// A mail with the file is found by each of the queries, and nothing of it is left out.
fn check(file: File<'_>, queries: &[&str]) {
    let archive = archive_with(&[file]);
    for query in queries {
        assert_eq!(found(&archive, query), (1, 0), "{query}: {:?}", reasons(&archive));
    }
    assert_eq!(found(&archive, "nowhereatall"), (0, 0));
    archive.verify_clean();
}

#[test]
fn office_documents() {
    let text = docx(&["first quarterly paragraph", "second paragraph"]);
    check(
        ("a.docx", "application/octet-stream", text.clone()),
        &["quarterly", "\"quarterly paragraph\"", "headerword", "titleword"],
    );
    check(("a", "application/pdf", text.clone()), &["quarterly"]);
    let archive = archive_with(&[("a.docx", "application/msword", text)]);
    assert_eq!(found(&archive, "styleword"), (0, 0));
    let slides = pptx("slideword", "noteword");
    check(("a.pptx", "application/octet-stream", slides.clone()), &["slideword", "noteword"]);
    let archive = archive_with(&[("a.pptx", "application/octet-stream", slides)]);
    assert_eq!(found(&archive, "masterword"), (0, 0));
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><v>4711.5</v></c></row>\
                <row r=\"9\"><c r=\"C9\" t=\"inlineStr\"><is><t>inlineword</t></is></c></row>";
    check(("a.xlsx", "", xlsx(rows, &["sharedword"])), &["sharedword", "4711.5", "inlineword", "sheetword"]);
}

#[test]
fn a_document_is_read_as_it_is_and_as_it_was_before_tracked_changes() {
    let contract = docx_of(
        "<w:r><w:t>pay in </w:t></w:r><w:del><w:r><w:delText>thirty</w:delText></w:r></w:del><w:ins><w:r><w:t>sixty</w:t></w:r>\
         </w:ins><w:r><w:t> days</w:t></w:r>",
    );
    let archive = archive_with(&[("a.docx", "application/octet-stream", contract)]);
    for query in ["thirty", "sixty", "\"pay in sixty days\"", "\"pay in thirty days\""] {
        assert_eq!(found(&archive, query), (1, 0), "{query}");
    }
    for query in ["thirtysixty", "\"thirty sixty\""] {
        assert_eq!(found(&archive, query), (0, 0), "{query}");
    }
    let report = docx_of("<w:r><w:t>a risk</w:t><w:noBreakHyphen/><w:t>free offer</w:t></w:r>");
    check(("a.docx", "application/octet-stream", report), &["\"risk free\"", "risk-free", "free"]);
}

/// Notes, comments, boxes and readings stand in the middle of a line, which goes on behind them.
#[test]
fn what_interrupts_a_line_belongs_to_neither_of_its_words() {
    let box_of = |text: &str| {
        format!(
            "<mc:Choice><wps:txbx><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></wps:txbx></mc:Choice>"
        )
    };
    let framed = docx_of(&format!(
        "<w:r><w:t>the budget</w:t>{}</w:r><w:r><w:t> is due</w:t></w:r><w:r><w:ruby><w:rt><w:r><w:t>kanji</w:t></w:r>\
         </w:rt><w:rubyBase><w:r><w:t>\u{6f22}\u{5b57}</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>\u{4e2d}</w:t></w:r>",
        box_of(&format!("boxed{}words", box_of("innermost")))
    ));
    check(
        ("a.docx", "application/octet-stream", framed),
        &["\"budget is due\"", "\"boxed words\" OR boxedwords", "innermost", "kanji", "\u{6f22}\u{5b57}\u{4e2d}"],
    );
    let noted = odt(
        "the budget<office:annotation><dc:creator>Clara Commenter</dc:creator><dc:date>2024-02-03</dc:date><text:p>please \
         check</text:p><text:p>again</text:p></office:annotation> is due<text:note><text:note-citation>1</text:note-citation>\
         <text:note-body><text:p>in March</text:p></text:note-body></text:note>, says <draw:frame><draw:text-box><text:p>boxed\
         </text:p></draw:text-box></draw:frame>she <text:ruby><text:ruby-base>\u{6f22}\u{5b57}</text:ruby-base><text:ruby-text>\
         kanji</text:ruby-text></text:ruby>\u{4e2d} at ",
    );
    let queries = [
        "\"budget is due, says she\"",
        "\"clara commenter\"",
        "\"please check\"",
        "again",
        "\"in march\"",
        "boxed",
        "kanji",
        "\u{6f22}\u{5b57}\u{4e2d}",
        "\"at endless\"",
    ];
    check(("a.odt", "application/octet-stream", noted), &queries);
    let rich = b"{\\rtf1{\\info{\\title titleword}{\\author Clara Author}}{\\header headerword}the budget{\\footnote in March} is \
        due{\\*\\annotation please {\\b check}}, says {\\footerl footerword}{\\v hiddenword }she}";
    let queries = [
        "\"budget is due, says\"",
        "\"in march\"",
        "\"please check\"",
        "titleword",
        "\"clara author\"",
        "headerword",
        "footerword",
        "hiddenword",
        "\"hiddenword she\"",
    ];
    check(("a.rtf", "application/rtf", rich.to_vec()), &queries);
}

#[test]
fn links_of_documents_are_found() {
    let relationships = "<Relationships><Relationship Id=\"r1\" TargetMode=\"External\" Target=\"https://harbour.example/a\"/>\
        <Relationship Id=\"r2\" Target=\"internalword.xml\"/></Relationships>";
    for (room, document) in [("word", "document.xml"), ("ppt", "presentation.xml")] {
        let file = zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            (&format!("{room}/{document}"), b"<w:document/>"),
            (&format!("{room}/_rels/{document}.rels"), relationships.as_bytes()),
        ]);
        let archive = archive_with(&[("a", "application/octet-stream", file)]);
        assert_eq!(found(&archive, "harbour.example"), (1, 0), "{room}");
        assert_eq!(found(&archive, "internalword"), (0, 0), "{room}");
    }
    let field = |instruction: &str, text: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>{instruction}<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>\
             <w:r><w:t>{text}</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
        )
    };
    let split = "<w:r><w:instrText> HYPER</w:instrText></w:r><w:r><w:instrText>LINK &quot;https://harbour.example/a&quot; \\t \
                 &quot;frameword&quot; </w:instrText></w:r>";
    let fields = format!(
        "<w:r><w:t>see </w:t></w:r>{}<w:r><w:t> on </w:t></w:r>{}<w:fldSimple w:instr=' HYPERLINK \"http://pier.example\" '/>",
        field(split, "the plan"),
        field("<w:r><w:instrText> PAGE \\* MERGEFORMAT </w:instrText></w:r>", "seven"),
    );
    let archive = archive_with(&[("a.docx", "application/octet-stream", docx_of(&fields))]);
    for (query, hits) in [
        ("harbour.example", 1),
        ("pier.example", 1),
        ("\"see the plan on seven\"", 1),
        ("mergeformat", 0),
        ("frameword", 0),
    ] {
        assert_eq!(found(&archive, query), (hits, 0), "{query}");
    }
    let linked = odt("see <text:a xlink:href=\"https://harbour.example/a\">the plan</text:a> at ");
    check(("a.odt", "application/octet-stream", linked), &["harbour.example", "\"see the plan at endless\""]);
}

#[test]
fn who_comments_is_found() {
    for (part, xml, query) in [
        (
            "word/comments.xml",
            "<w:comment w:author=\"Clara Commenter\"><w:p><w:t>check</w:t></w:p></w:comment>",
            "check \"clara commenter\"",
        ),
        ("ppt/commentAuthors.xml", "<p:cmAuthor id=\"1\" name=\"Clara Commenter\"/>", "\"clara commenter\""),
        (
            "xl/comments1.xml",
            "<authors><author>Clara Commenter</author></authors><text><t>check</t></text>",
            "commenter",
        ),
    ] {
        let xml = format!("<root>{xml}</root>");
        let archive = archive_with(&[("a", "", zip(&[("[Content_Types].xml", b"<Types/>"), (part, xml.as_bytes())]))]);
        assert_eq!(found(&archive, query).0, 1, "{part}");
    }
}

#[test]
fn json_is_searched_as_it_reads() {
    let json = br#"{"text": "gr\u00fcn \u6f22\u5b57 \ud83d\ude00 a\nb \"quoted\" c:\\under \ud83d \u00"}"#;
    let queries = ["gr\u{fc}n", "\u{6f22}\u{5b57}", "\u{1f600}", "\"a b quoted\"", "under", "text"];
    check(("a.json", "application/octet-stream", json.to_vec()), &queries);
    check(("a", "application/json", json.to_vec()), &queries);
    check(("a.jsonl", "", json.to_vec()), &queries);
}

#[test]
fn office_documents_before_2007() {
    check(("a.doc", "application/msword", doc("narrowword", " wide\u{17C}word")), &["narrowword", "widezword"]);
    check(("a.ppt", "application/octet-stream", ppt("narrowword", "wideword")), &["narrowword", "wideword"]);
    check(("a.xls", "application/octet-stream", xls("cellword")), &["cellword"]);
}

#[test]
fn open_documents() {
    check(("a.odt", "application/octet-stream", odt("openword")), &["openword", "heading", "endless", "metaword"]);
}

#[test]
fn pdf_files() {
    check(("a.pdf", "application/pdf", pdf(&["the invoice of March", "second line"])), &["invoice", "\"second line\""]);
    check(("a.bin", "application/octet-stream", pdf(&["invoice"])), &["invoice"]);
    let pictures = archive_with(&[("scan.pdf", "application/pdf", pdf_with_page("0 0 10 10 re f"))]);
    assert_eq!(found(&pictures, "invoice"), (0, 1));
    assert!(reasons(&pictures)[0].contains("PDF without text"), "{:?}", reasons(&pictures));
}

#[test]
fn rich_text() {
    let rtf =
        b"{\\rtf1\\ansi\\ansicpg1250{\\fonttbl{\\f0 hiddenword;}}Umowa za\\'bf\\'f3\\'b3\\u263?\\par next}".to_vec();
    check(("a.rtf", "application/rtf", rtf.clone()), &["umowa", "next"]);
    check(("a.doc", "application/msword", rtf), &["umowa"]);
}

#[test]
fn files_in_files() {
    let inner = zip(&[("deep/letter.txt", b"letterword"), ("sheet.docx", &docx(&["innerword"]))]);
    check(("a.zip", "application/zip", inner.clone()), &["letterword", "innerword", "letter.txt"]);
    check(("b.zip", "application/zip", zip(&[("a.zip", &inner)])), &["innerword"]);
    check(("a.tgz", "application/gzip", gzip(&tar("folder/a.txt", b"tarword"))), &["tarword"]);
    let page = mail("innersubject", &[("c.pdf", "application/pdf", pdf(&["paperword"]))]);
    check(("fwd.eml", "application/octet-stream", page.clone().into_bytes()), &["innersubject", "paperword"]);
    check(("all.zip", "application/zip", zip(&[("m.eml", page.as_bytes())])), &["innersubject", "paperword"]);
    check(
        ("a.msg", "application/vnd.ms-outlook", msg("outlooksubject", "outlookbody")),
        &["outlooksubject", "outlookbody"],
    );
    let wrapped = tnef("tnefbody", "paper.pdf", &pdf(&["paperword"]));
    check(("winmail.dat", "application/ms-tnef", wrapped), &["tnefbody", "paperword", "paper.pdf"]);
}

#[test]
fn contacts_and_appointments() {
    let card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Clara Wei\xc3\x9f\r\nNOTE:a long li\r\n ne\\, folded\r\nPHOTO;ENCODING=b:QUJDREVG\r\nEND:VCARD\r\n";
    check(("a.vcf", "text/vcard", card.to_vec()), &["clara", "line"]);
    let call = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Harb\r\n our meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    check(("invite.ics", "text/calendar", call.to_vec()), &["\"harbour meeting\""]);
}

#[test]
fn text_files_in_any_character_set() {
    let polish = "Zapłata za usługi nastąpi do końca miesiąca, prosimy o potwierdzenie tej wiadomości. Dziękujemy.";
    let (cyrillic, _, _) = encoding_rs::KOI8_R.encode("Договор подписан вчера, оплата будет завтра утром до обеда");
    let (latin, _, _) = encoding_rs::ISO_8859_2.encode(polish);
    let (japanese, _, _) = encoding_rs::SHIFT_JIS.encode("昨日の会議の議事録を送ります。契約書も確認してください。");
    let (chinese, _, _) = encoding_rs::GB18030.encode("请查收附件中的合同，明天上午十点开会讨论价格问题。");
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("grün".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (name, bytes, query) in [
        ("a.txt", cyrillic.into_owned(), "договор"),
        ("a.csv", latin.into_owned(), "zaplata"),
        ("a.log", japanese.into_owned(), "契約書"),
        ("a.txt", chinese.into_owned(), "合同"),
        ("a.txt", utf16, "grun"),
        ("noname", b"plain words without a name".to_vec(), "words"),
        ("page", b"<!DOCTYPE html><p>mark<b>up</b></p>".to_vec(), "markup"),
    ] {
        check((name, "application/octet-stream", bytes), &[query]);
    }
}

#[test]
fn what_is_not_read_is_said_and_what_has_no_text_is_not() {
    let png = b"\x89PNG\r\n\x1a\nrest".to_vec();
    for (name, media_type, bytes, reason) in [
        ("a.docx", "application/octet-stream", encrypted(), "encrypted with a password"),
        ("a.png", "image/png", png.clone(), "it is a picture"),
        ("a.txt", "text/plain", png, "it is a picture"),
        ("a.7z", "application/octet-stream", b"7z\xbc\xaf\x27\x1crest".to_vec(), "a 7z file is not searched"),
        ("a.dwg", "image/vnd.dwg", b"AC1027\0\0".to_vec(), "it is a picture"),
        ("a.bin", "application/octet-stream", vec![0, 1, 2, 250], "an unknown format is not searched"),
        ("a.asc", "text/plain", b"-----BEGIN PGP MESSAGE-----\nabc".to_vec(), "encrypted with PGP"),
        ("a.docx", "application/octet-stream", b"PK\x03\x04rest".to_vec(), "damaged zip file"),
        ("a.pdf", "application/pdf", b"%PDF-1.4\nrest".to_vec(), "damaged PDF"),
    ] {
        let archive = archive_with(&[(name, media_type, bytes)]);
        assert_eq!(found(&archive, "nowhereatall"), (0, 1), "{name}");
        let said = reasons(&archive);
        assert!(said.len() == 1 && said[0].contains(reason) && said[0].contains(name), "{name}: {said:?}");
    }
    check(("voice.ogg", "audio/ogg", b"OggS\0rest".to_vec()), &["voice.ogg"]);
    check(("smime.p7s", "application/pkcs7-signature", vec![0x30, 0x80]), &["smime.p7s"]);
}
