//! Files of text formats and zip files, made here.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A zip file of files.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("a zip file").into_inner()
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";

const CORE: &str = "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\" xmlns:t=\"t\"><dc:title>titleword</dc:title><dc:creator>Clara \
                    Author</dc:creator><t:created>2011-05-06T07:08:09Z</t:created><t:modified>2012-05-06T07:08:09Z\
                    </t:modified></cp:coreProperties>";

/// A Word document whose package names another part than the usual one for what it says of itself.
pub(crate) fn docx_with_named_properties() -> Vec<u8> {
    let relationships = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
                         Id=\"r1\" Target=\"package/services/metadata/core-properties/8d2f.psmdcp\" \
                         Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\"/>\
                         </Relationships>";
    let document = format!("<w:document xmlns:w=\"{WORD}\"><w:p><w:t>word</w:t></w:p></w:document>");
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", relationships.as_bytes()),
        ("package/services/metadata/core-properties/8d2f.psmdcp", CORE.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ])
}

/// A Word document with these paragraphs; each word is a run of its own, split in the middle.
pub(crate) fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let mut body = String::new();
    for paragraph in paragraphs {
        let (left, right) = paragraph.split_at(paragraph.len() / 2);
        body.push_str(&format!(
            "<w:p><w:r><w:t xml:space=\"preserve\">{left}</w:t></w:r><w:r><w:t xml:space=\"preserve\">{right}</w:t></w:r></w:p>"
        ));
    }
    let document =
        format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"{WORD}\"><w:body>{body}</w:body></w:document>");
    let header = format!("<w:hdr xmlns:w=\"{WORD}\"><w:p><w:r><w:t>headerword &amp; more</w:t></w:r></w:p></w:hdr>");
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("docProps/core.xml", CORE.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/header1.xml", header.as_bytes()),
        ("word/styles.xml", format!("<w:styles xmlns:w=\"{WORD}\"><w:t>styleword</w:t></w:styles>").as_bytes()),
    ])
}

/// A Word document of one paragraph with these runs and marks.
pub(crate) fn docx_of(paragraph: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w=\"{WORD}\"><w:body><w:p>{paragraph}</w:p></w:body></w:document>");
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
}

/// A presentation with a slide and its notes.
pub(crate) fn pptx(slide: &str, notes: &str) -> Vec<u8> {
    let page = |text: &str| {
        format!("<p:sld xmlns:p=\"p\" xmlns:a=\"{DRAWING}\"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>")
    };
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("ppt/slides/slide1.xml", page(slide).as_bytes()),
        ("ppt/notesSlides/notesSlide1.xml", page(notes).as_bytes()),
        ("ppt/slideMasters/slideMaster1.xml", page("masterword").as_bytes()),
    ])
}

/// A workbook with one sheet of these rows (XML), and shared texts.
pub(crate) fn xlsx(rows: &str, shared: &[&str]) -> Vec<u8> {
    let shared: String = shared.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let packages = "http://schemas.openxmlformats.org/package/2006";
    zip(&[
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{packages}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                 </Types>"
            )
            .as_bytes(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{packages}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            )
            .as_bytes(),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Sheetword\" sheetId=\"1\" \
                 r:id=\"r1\"/></sheets></workbook>"
            )
            .as_bytes(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{packages}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" \
                 Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{office}/sharedStrings\" \
                 Target=\"sharedStrings.xml\"/></Relationships>"
            )
            .as_bytes(),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{main}\">{shared}</sst>").as_bytes()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>").as_bytes(),
        ),
    ])
}

/// An OpenDocument text.
pub(crate) fn odt(paragraph: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\"><office:body><office:text><text:h>heading</text:h>\
         <text:p>{paragraph}<text:tab/>end<text:span>less</text:span></text:p></office:text></office:body>\
         </office:document-content>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
        (
            "meta.xml",
            b"<office:document-meta xmlns:dc=\"d\"><dc:title>metaword</dc:title>\
          <m:initial-creator>Clara Author</m:initial-creator><m:creation-date>2011-05-06T07:08:09.123456789\
          </m:creation-date><dc:date>2012-05-06T07:08:09</dc:date></office:document-meta>",
        ),
    ])
}

/// A gzip file.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).expect("memory takes it");
    gzip.finish().expect("a gzip file")
}

/// A tar file of one file.
pub(crate) fn tar(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    tar.append_data(&mut header, name, bytes).expect("memory takes it");
    tar.into_inner().expect("a tar file")
}

/// A PDF of one page that shows these lines, with a compressed stream.
pub(crate) fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut page = "BT /F1 12 Tf 72 720 Td ".to_owned();
    for line in lines {
        page.push_str(&format!("({line}) Tj 0 -20 Td "));
    }
    pdf_with_page(&(page + "ET"))
}

/// A PDF that says what it is in its metadata only.
pub(crate) fn pdf_with_metadata() -> Vec<u8> {
    let packet = "<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description \
                  xmp:CreateDate='2011-05-06T07:08:09Z'><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>titleword</rdf:li>\
                  </rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>Clara Author</rdf:li></rdf:Seq></dc:creator>\
                  <xmp:ModifyDate>2012-05-06T08:08:09+01:00</xmp:ModifyDate></rdf:Description></rdf:RDF></x:xmpmeta>";
    let stream = format!("<< /Type /Metadata /Subtype /XML /Length {} >>\nstream\n{packet}\nendstream", packet.len());
    pdf_of("BT /F1 12 Tf 72 720 Td (word) Tj ET", " /Metadata 6 0 R", &stream, "")
}

/// A PDF of one page with this content.
pub(crate) fn pdf_with_page(page: &str) -> Vec<u8> {
    let information =
        "<< /Title (titleword) /Author (Clara Author) /CreationDate (D:20110506070809Z) /ModDate (D:20120506) >>";
    pdf_of(page, "", information, " /Info 6 0 R")
}

/// A PDF of one page; its sixth object is one of the catalog's or of the trailer's.
fn pdf_of(page: &str, catalog: &str, sixth: &str, trailer: &str) -> Vec<u8> {
    let mut stream = ZlibEncoder::new(Vec::new(), Compression::default());
    stream.write_all(page.as_bytes()).expect("memory takes it");
    let stream = stream.finish().expect("a stream");
    let objects: [Vec<u8>; 6] = [
        format!("<< /Type /Catalog /Pages 2 0 R{catalog} >>").into_bytes(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_vec(),
        [
            format!("<< /Length {} /Filter /FlateDecode >>\nstream\n", stream.len()).into_bytes(),
            stream,
            b"\nendstream".to_vec(),
        ]
        .concat(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
        sixth.as_bytes().to_vec(),
    ];
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let table = file.len();
    file.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        file.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    let trailer =
        format!("trailer\n<< /Size {} /Root 1 0 R{trailer} >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    file.extend_from_slice(trailer.as_bytes());
    file
}
