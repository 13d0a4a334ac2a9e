//! Files in, columns out, and back.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its story must fail")]

use std::{io::Cursor, sync::Arc};

use baoxue_columnar::{
    ColumnChoice, Ids, Input, Note, ReadError, Records, Wanted, read, write_clusters, write_pairs,
};
use baoxue_link::Pair;
use bytes::Bytes;
use parquet::{
    basic::{Compression, Encoding},
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    file::{
        properties::{WriterProperties, WriterVersion},
        reader::{FileReader, SerializedFileReader},
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::parser::parse_message_type,
};

fn csv(name: &str, text: &str) -> Input {
    Input::new(name, Cursor::new(text.as_bytes().to_vec()))
}

fn parquet_file(name: &str, bytes: &[u8]) -> Input {
    Input::new(name, Cursor::new(bytes.to_vec()))
}

fn wanted(id: &str, columns: &[&str]) -> Wanted {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    Wanted { id: Some(id.to_owned()), source: None, columns: ColumnChoice::Named(columns) }
}

fn all(inputs: Vec<Input>, id: &str) -> Result<Records, ReadError> {
    let wanted = Wanted { id: Some(id.to_owned()), source: None, columns: ColumnChoice::All };
    read(inputs, &wanted, &|_, _| {})
}

/// Every cell of a column.
fn cells(records: &Records, column: &str) -> Vec<String> {
    let column = records.table.column(column).unwrap();
    (0..records.table.n_rows()).map(|row| column.text(row).to_owned()).collect()
}

type Values<T> = Vec<Option<<T as DataType>::T>>;

fn column<T: DataType>(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, values: &Values<T>) {
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<T::T> = values.iter().flatten().cloned().collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<T>().write_batch(&values, Some(&levels), None).unwrap();
    column.close().unwrap();
}

fn texts(texts: &[&str]) -> Values<ByteArrayType> {
    texts.iter().map(|text| (!text.is_empty()).then(|| ByteArray::from(*text))).collect()
}

/// A file with two row groups of 300 records each, with every kind of column that registers have.
fn sample(properties: WriterProperties) -> Vec<u8> {
    let schema = "message m {
        optional int64 id; optional binary name (UTF8); optional int32 birth (DATE); optional double class;
        optional boolean boards; optional group nested { optional int32 x; } }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    for group in 0..2 {
        let mut out = writer.next_row_group().unwrap();
        let rows = || (0..300_i32).map(|row| group * 300 + row);
        column::<Int64Type>(&mut out, &rows().map(|row| Some(i64::from(row) - 5)).collect());
        let names: Vec<String> = rows()
            .map(|row| if row % 7 == 0 { String::new() } else { format!("张{}", row % 50) })
            .collect();
        column::<ByteArrayType>(
            &mut out,
            &texts(&names.iter().map(String::as_str).collect::<Vec<_>>()),
        );
        column::<Int32Type>(
            &mut out,
            &rows().map(|row| (row % 3 > 0).then_some(14_609 + row)).collect(),
        );
        column::<DoubleType>(&mut out, &rows().map(|row| Some(f64::from(row % 9))).collect());
        column::<BoolType>(&mut out, &rows().map(|row| Some(row % 2 == 0)).collect());
        column::<Int32Type>(&mut out, &rows().map(Some).collect());
        out.close().unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn every_writing_of_a_file_reads_the_same() {
    let base = WriterProperties::builder;
    let small = |builder: parquet::file::properties::WriterPropertiesBuilder| {
        builder.set_data_page_row_count_limit(64).set_write_batch_size(32)
    };
    let files = [
        small(base()).build(),
        small(base()).set_dictionary_enabled(false).build(),
        small(base()).set_writer_version(WriterVersion::PARQUET_2_0).build(),
        small(base()).set_compression(Compression::SNAPPY).build(),
        small(base())
            .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::default()))
            .build(),
        base().set_dictionary_page_size_limit(64).set_write_batch_size(16).build(),
        base()
            .set_dictionary_enabled(false)
            .set_column_encoding("name".into(), Encoding::DELTA_BYTE_ARRAY)
            .set_column_encoding("birth".into(), Encoding::DELTA_BINARY_PACKED)
            .build(),
    ];
    let read: Vec<Records> = files
        .into_iter()
        .map(|p| all(vec![parquet_file("a.parquet", &sample(p))], "id").unwrap())
        .collect();
    assert_eq!(read[0].table.n_rows(), 600);
    assert_eq!(cells(&read[0], "name")[..3], ["", "张1", "张2"]);
    assert_eq!(cells(&read[0], "birth")[..3], ["", "2010-01-01", "2010-01-02"]);
    assert_eq!(cells(&read[0], "class")[9..11], ["0", "1"]);
    assert_eq!(cells(&read[0], "boards")[..2], ["true", "false"]);
    assert_eq!(read[0].ids, Ids::Integers((-5..595).collect()));
    let nested = Note::Ignored { file: "a.parquet".to_owned(), column: "nested".to_owned() };
    assert_eq!(read[0].notes, [nested]);
    for other in &read[1..] {
        for name in ["name", "birth", "class", "boards"] {
            assert_eq!(cells(other, name), cells(&read[0], name), "{name}");
        }
        assert_eq!(other.ids, read[0].ids);
    }
}

#[test]
fn files_are_put_together_by_the_names_of_columns() {
    let read = all(
        vec![
            csv("a.csv", "编号,姓名,班\n1,张三,2\n"),
            csv("b.csv", "姓名;编号\n\"李;四\";x2\n"),
            parquet_file("c.parquet", &sample(WriterProperties::default())),
        ],
        "编号",
    );
    let found = ["id", "name", "birth", "class", "boards"].map(str::to_owned).to_vec();
    let (file, column) = ("c.parquet".to_owned(), "编号".to_owned());
    assert_eq!(read.unwrap_err(), ReadError::NoColumn { file, column, found });
    let inputs =
        vec![csv("a.csv", "编号,姓名,班\n1,张三,2\n"), csv("b.csv", "姓名;编号\n\"李;四\";x2\n")];
    let read = all(inputs, "编号").unwrap();
    assert_eq!(cells(&read, "姓名"), ["张三", "李;四"]);
    assert_eq!(cells(&read, "班"), ["2", ""]);
    let absent = Note::Absent { file: "b.csv".to_owned(), column: "班".to_owned() };
    assert_eq!(read.notes, [absent]);
}

#[test]
fn only_what_is_asked_for_is_read() {
    let file = sample(WriterProperties::default());
    let wanted = Wanted { source: Some("class".to_owned()), ..wanted("id", &["name"]) };
    let read = read(vec![parquet_file("a", &file)], &wanted, &|_, _| {}).unwrap();
    let names: Vec<&str> = read.table.columns().iter().map(baoxue_link::Column::name).collect();
    assert_eq!(names, ["name"]);
    assert_eq!(read.source.unwrap().text(10), "1");
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let error = |text: &str| all(vec![csv("a.csv", text)], "id").unwrap_err();
    let file = || "a.csv".to_owned();
    assert_eq!(error(""), ReadError::EmptyFile { file: file() });
    assert_eq!(error("\n\n"), ReadError::EmptyFile { file: file() });
    assert_eq!(error("id,x\n"), ReadError::NoRecords { file: file() });
    assert_eq!(
        error("id,x\n1,2\n\n3\n"),
        ReadError::Ragged { file: file(), line: 4, found: 1, expected: 2 }
    );
    assert_eq!(
        error("id,x\n1,2\n ,3\n"),
        ReadError::NoId { file: file(), record: 2, column: "id".to_owned() }
    );
    assert_eq!(error("id,x,x\n"), ReadError::TwiceColumn { file: file(), column: "x".to_owned() });
    let twice =
        all(vec![csv("a.csv", "id,x\n7,2\n8,2\n"), csv("b.csv", "id,x\n9,1\n8,3\n8,4\n")], "id");
    assert_eq!(
        twice.unwrap_err().to_string(),
        "the id `8` is there twice: `a.csv` record 2 and `b.csv` record 2; each record needs an id of its own"
    );
    let one = all(vec![csv("a.csv", "id,x\n1,2\n")], "id").unwrap();
    assert_eq!(one.notes, [Note::OneRecord]);
    let other = all(vec![csv("a.parquet", "id,x\n1,2\n")], "id").unwrap_err();
    assert!(matches!(other, ReadError::NotParquet { .. }), "{other}");
    let other = all(vec![csv("a.csv", "PK\u{3}\u{4}....")], "id").unwrap_err();
    assert!(matches!(other, ReadError::OtherFormat { .. }), "{other}");
}

#[test]
fn a_damaged_file_is_an_error() {
    let whole = sample(WriterProperties::default());
    let cut = all(vec![parquet_file("a", &whole[..whole.len() - 20])], "id").unwrap_err();
    assert!(matches!(cut, ReadError::NotParquet { .. }), "{cut}");
    // Wherever it is damaged, reading ends, with an error or with what the bytes happen to say.
    for start in (4..whole.len() - 64).step_by(61) {
        for byte in [0, 0x7f, 0xff] {
            let mut damaged = whole.clone();
            damaged[start..start + 40].fill(byte);
            let _ = all(vec![parquet_file("a", &damaged)], "id");
        }
    }
}

#[test]
fn a_cell_of_10_mb_is_kept_short_and_noted() {
    let huge = "长".repeat(3_500_000);
    let read = all(vec![csv("a.csv", &format!("id,x\n1,2\n2,{huge}\n"))], "id").unwrap();
    let note = Note::LongCell {
        file: "a.csv".to_owned(),
        record: 2,
        column: "x".to_owned(),
        size_bytes: huge.len(),
    };
    assert_eq!(read.notes, [note]);
    assert!(cells(&read, "x")[1].len() < 5000);
}

/// All cells of a Parquet file by the library's own record reader.
fn rows(bytes: Vec<u8>) -> Vec<String> {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
    reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect()
}

#[test]
fn clusters_and_pairs_are_written_in_order_of_id_with_its_type() {
    let numbers = Ids::Integers(vec![30, 10, 20]);
    let mut out = Vec::new();
    write_clusters(&mut out, &numbers, &[0, 1, 0]).unwrap();
    assert_eq!(
        rows(out),
        ["{id: 10, cluster: 10}", "{id: 20, cluster: 20}", "{id: 30, cluster: 20}"]
    );
    let texts = all(vec![csv("a.csv", "id,x\nb,1\na,1\nc,1\n")], "id").unwrap().ids;
    let pair = |left, right| Pair { left, right, bits: 1.0 };
    let mut out = Vec::new();
    write_pairs(&mut out, &texts, vec![pair(0, 2), pair(0, 1)]).unwrap();
    assert_eq!(
        rows(out),
        [
            "{id_l: \"a\", id_r: \"b\", weight: 1.0, probability: 0.6666667}",
            "{id_l: \"b\", id_r: \"c\", weight: 1.0, probability: 0.6666667}",
        ]
    );
}

#[test]
fn the_order_of_files_does_not_change_what_is_written() {
    let (a, b) = ("id,x\np,1\nq,2\n", "id,x\nr,1\n");
    let written = |inputs: Vec<Input>, cluster: &[u32]| {
        let mut out = Vec::new();
        write_clusters(&mut out, &all(inputs, "id").unwrap().ids, cluster).unwrap();
        out
    };
    let one = written(vec![csv("a", a), csv("b", b)], &[0, 1, 0]);
    let other = written(vec![csv("b", b), csv("a", a)], &[0, 0, 2]);
    assert_eq!(one, other);
}
