//! What the app writes in the place of media, in all its languages; texts are separated by `|`.

/// Media left out, in languages whose regions all write the day before the month.
pub(in super::super) const MEDIA_OMITTED_DAY_FIRST: &str = "\
    <تم استبعاد الوسائط>|<Media çıxarılmışdır>|<Без файл>|<মিডিয়া বাদ দেওয়া হয়েছে>|<Mitjans omesos>|\
    < Média vynechána >|<Mediefil udeladt>|<Medien ausgeschlossen>|<Medien weggelassen>|<Εξαίρεση πολυμέσων>|\
    <Meedia ära jäetud>|< پيوست نما/آهنگ حذف شد >|<Media jätetty pois>|<Fichier omis>|<મીડિયા અવગણાયું>|\
    <מדיה הושמטה>|<मीडिया के बिना>|<Medijski zapis izostavljen>|<Media tidak disertakan>|<Media omesso>|\
    <Файл қосылған жоқ>|<ಮೀಡಿಯಾ ಕೈಬಿಡಲಾಗಿದೆ>|<Bez multivides>|<Без фајл>|<മീഡിയ ഒഴിവാക്കി>|<मीडिया वगळले>|\
    <Media disingkirkan>|<Uten vedlegg>|<Media weggelaten>|<ਮੀਡੀਆ ਛੱਡਿਆ ਗਿਆ>|<pliki pominięto>|<Mídia omitida>|\
    <Ficheiro não revelado>|<Conținut media omis>|<Файл пропущен>|<Médiá vynechané>|<Medij izpuščen>|<Pa media>|\
    <медији су изостављени>|<Media imerukwa>|< ஊடகங்கள் நீக்கப்பட்டது >|<మాధ్యమం విస్మరించబడింది>|<สื่อถูกลบ>|\
    <Medya atlanmış>|<Медіа пропущено>|<میڈیا چھوڑ دیا گیا>|<Fayl o‘tkazib yuborildi>|<Bỏ qua Media>|\
    <Mídia oculta>|<Arquivo de mídia oculto>|<Médias omis>|<Media omessi>|<Без медиафайлов>|\
    <Medya dahil edilmedi>";

/// Media left out, in the other languages.
pub(in super::super) const MEDIA_OMITTED: &str = "\
    <Media weggelaat>|<Media omitted>|<Archivo omitido>|<Multimedia omitido>|<Hiányzó médiafájl>|\
    <メディアは含まれていません>|<미디어 파일을 생략한 대화내용>|<Praleistas medijos turinys>|<Media har utelämnats>|\
    <Walang kalakip na media>|<省略多媒体文件>|<忽略多媒體檔>";

/// A file that came with the chat, in languages whose regions all write the day before the month.
pub(in super::super) const ATTACHED_DAY_FIRST: &str = "\
    {} (الملف مرفق)|{} (fayl əlavə olunub)|{} (прикачен файл)|{} (ফাইল সংযুক্ত হয়েছে)|{} (arxiu adjunt)|\
    {} (soubor byl přiložen)|{} (fil vedhæftet)|{} (Datei angehängt)|{} (συνημμένο αρχείο)|{} (fail lisatud)|\
    فایل پیوست شد {}|{} (liitetiedosto)|{} (fichier joint)|{} (ફાઇલ જોડાયેલ)|{} (קובץ מצורף)|\
    {} (फाइल अटैच कर दी गई है)|{} (datoteka u privitku)|{} (file terlampir)|{} (file allegato)|\
    {} (қосымша файл)|{} (ಕಡತ ಸೇರಿಸಲಾಯಿತು)|{} (pievienots fails)|{} (прикачен фајл)|{} (ഫയൽ ചേർത്തു)|\
    {} (फाइल संलग्न)|{} (fail dilampirkan)|{} (vedlagt fil)|{} (bestand bijgevoegd)|{} (ਅਟੈਚ ਕੀਤੀ ਫਾਇਲ)|\
    {} (załączony plik)|{} (arquivo anexado)|{} (ficheiro anexado)|{} (fișier atașat)|{} (файл добавлен)|\
    {} (súbor pripojený)|{} (priložena datoteka)|{} (skedë e ngjitur)|{} (прикачена датотека)|\
    {} (faili limeambatanishwa)|{} இணைக்கப்பட்டது|{} (ఫైల్ జోడించబడినది)|{} (ไฟล์ที่แนบ)|{} (dosya ekli)|\
    {} (файл додано)|{} (پیوستہ فائل)|{} (fayl biriktirildi)|{} (tệp đính kèm)";

/// A file that came with the chat, in the other languages.
pub(in super::super) const ATTACHED: &str = "\
    {} (lêer aangeheg)|{} (file attached)|{} (archivo adjuntado)|{} (fájl csatolva)|{} (添付ファイル有り)|{} (파일 첨부됨)|\
    {} (byla prisegta)|{} (bifogad fil)|{} (nakalakip na file)|{} (文件附件)|{} (附件檔案)|{} (archivo adjunto)";

/// A file that came with the chat, as iOS writes it.
pub(in super::super) const ATTACHED_IN_BRACKETS: &str = "\
    <المُرفق: {}>|<attached: {}>|<adjunt: {}>|<příloha: {}>|<vedhæftet: {}>|<Anhang: {}>|<επισυνάφθηκε: {}>|\
    <adjunto: {}>|<پیوست: {}>|<liite: {}>|< pièce jointe : {} >|<ceangailte: {}>|<જોડાયેલ: {}>|<מצורף: {}>|\
    <अटैच किया गया: {}>|<priloženo: {}>|<csatolva: {}>|<terlampir: {}>|<allegato: {}>|<添付ファイル: {}>|< 첨부됨: {}>|\
    <संलग्न केले: {}>|<dilampir: {}>|<vedlagt: {}>|<bijgevoegd: {}>|<załączono: {}>|<anexado: {}>|<anexo: {}>|\
    <atașare: {}>|<прикреплено: {}>|<príloha: {}>|<bifogat: {}>|<แนบ: {}>|<{} eklendi>|<додано: {}>|\
    <پیوستہ: {}>|<đính kèm: {}>|<附件：{}>";

/// A picture left out.
pub(in super::super) const IMAGE_OMITTED: &str = "\
    لم يتم إدراج الصورة|ইমেজ বাদ দেওয়া হয়েছে|Imatge omesa|obrázek vynechán|billede udeladt|Bild weggelassen|\
    εικόνα παραλείφθηκε|image omitted|imagen omitida|تصویر حذف شد|ei kuvaa|image absente|íomhá ligthe ar lár|\
    છબી પડતી મૂકાઈ|התמונה הושמטה|फ़ोटो हटाई गई|slika izostavljena|kép küldése sikertelen|\
    gambar tidak disertakan|immagine omessa|画像は含まれていません|이미지 생략됨|इमेज वगळली|imej tidak dimasukkan|\
    bilde ikke inkludert|afbeelding weggelaten|obraz pominięty|imagem ocultada|imagem não revelada|\
    Imagine omisă|изображение отсутствует|obrázok vynechaný|bild utesluten|ไม่มีรูปภาพ|görüntü dahil edilmedi|\
    зображення відсутнє|تصویر نکال دی گئی ہے|đã bỏ qua hình ảnh|照片已忽略|圖像已省略|圖片已略去";

/// A video left out.
pub(in super::super) const VIDEO_OMITTED: &str = "\
    لم يتم إدراج الفيديوهات|ভিডিও বাদ দেওয়া হয়েছে|vídeo omès|video vynecháno|video udeladt|Video weggelassen|\
    βίντεο παραλείφθηκε|video omitted|Video omitido|ویدیو حذف شد|videota ei sisällytetä|vidéo absente|\
    físeán ligthe ar lár|વિડિયો પડતી મુકાઈ|סרטון הווידאו הושמט|वीडियो छोड़ा गया|video izostavljen|Videó kihagyva|\
    video tidak disertakan|video omesso|ビデオは含まれていません|비디오 생략됨|व्हिडीओ वगळला|video tidak dimasukkan|video utelatt|\
    video weggelaten|wideo pominięte|vídeo omitido|vídeo não revelado|clip video omis|видео отсутствует|\
    video vynechané|video utesluten|วิดีโอถูกลบ|video dahil edilmedi|відео відсутнє|ویڈیو نظرانداز|đã bỏ video|\
    视频已忽略|影片已省略|影片已略去";

/// A sound left out.
pub(in super::super) const AUDIO_OMITTED: &str = "\
    لم يتم إدراج المقاطع الصوتية|অডিও বাদ দেওয়া হয়েছে|Àudio omès|zvukový soubor vynechán|lyd udeladt|\
    Audio weggelassen|ήχος παραλείφθηκε|audio omitted|audio omitido|صدا حذف شد|äänitiedostoa ei sisällytetä|\
    audio omis|comhad fuaime ar lár|ઓડિયો ફાઇલ શામેલ કરી નથી|קטע קול הושמט|ऑडियो हटाई गयी|zvuk izostavljen|\
    Hang kihagyása|audio tidak disertakan|audio omesso|音声は含まれていません|오디오 생략됨|ऑडिओ वगळला|audio tidak dimasukkan|\
    lyd utelatt|audio weggelaten|audio pominięte|áudio ocultado|ficheiro de áudio não revelado|fără audio|\
    аудиофайл отсутствует|zvuk vynechaný|ljud utelslutet|ไม่มีไฟล์เสียง|ses dahil edilmedi|аудіо відсутнє|\
    آڈیو نظرانداز|bỏ qua tệp âm thanh|音频已忽略|音訊已省略|音訊已略去";

/// A moving picture left out.
pub(in super::super) const GIF_OMITTED: &str = "\
    لم يتم إدراج صورة GIF|জিআইএফ বাদ দেওয়া হয়েছে|GIF omès|GIF vynechán|GIF udeladt|GIF weggelassen|Παράληψη GIF|\
    GIF omitted|GIF omitido|GIF حذف شد|GIF-animaatio jätetty pois|GIF retiré|GIF ligthe ar lár|GIF પડતી મૂકાઈ|\
    GIF הושמט|GIF छोड़ा गया|GIF izostavljen|GIF fájl kihagyása|GIF tidak disertakan|GIF esclusa|GIFは含まれていません|\
    GIF 생략됨|GIF वगळले|GIF tidak dimasukkan|GIF utelatt|GIF weggelaten|Plik GIF pominięty|GIF não revelada|\
    GIF omis|GIF отсутствует|GIF vynechaný|GIF utesluten|ละเว้น GIF|GIF dahil edilmedi|GIF-анімацію пропущено|\
    GIF  نظرانداز|Đã bỏ qua ảnh GIF|GIF 动态图已被忽略|GIF 圖片已被省略|GIF 已略去";

/// A sticker left out.
pub(in super::super) const STICKER_OMITTED: &str = "\
    تم حذف الملصقات|স্টিকার বাদ দেওয়া হয়েছে|adhesiu omès|nálepka vynechána|klistermærke udeladt|\
    Sticker weggelassen|αυτοκόλλητο παραλήφθηκε|sticker omitted|sticker omitido|استیکر حذف شد|\
    tarraa ei sisällytetty|sticker omis|fágadh an greamán ar lár|સ્ટીકર પડતું મુકાયું|סטיקר הושמט|\
    स्टिकर छोड़ा गया|naljepnica izostavljena|matrica kihagyva|stiker tidak disertakan|sticker non incluso|\
    スタンプは含まれていません|스티커 제외됨|स्टिकर वगळले|pelekat tidak disertakan|klistremerke utelatt|sticker weggelaten|\
    pominięto naklejkę|figurinha omitida|sticker não revelado|стикер не добавлен|nálepka vynechaná|\
    sticker utesluten|ไม่มีสติกเกอร์|Çıkartma dahil edilmedi|Наклейку не додано|اسٹیکر نظرانداز|đã bỏ sticker|\
    贴图已省略|貼圖已忽略|貼圖已略去";

/// A document left out.
pub(in super::super) const DOCUMENT_OMITTED: &str = "\
    لم يتم إدراج المستند|ডকুমেন্ট বাদ দেওয়া হয়েছে|Document omès|dokument vynechán|dokument udeladt|\
    Dokument weggelassen|έγγραφο παραλείφθηκε|document omitted|documento omitido|سند حذف شد|\
    dokumenttia ei sisällytetä|document manquant|cáipéis ligthe ar lár|ડોક્યુમેન્ટ સામેલ કર્યું નહિ|מסמך הושמט|\
    डॉक्यूमेंट छोड़ा गया|dokument izostavljen|dokumentum kihagyva|dokumen tidak disertakan|documento omesso|\
    ドキュメントは含まれていません|문서 생략됨|डॉक्युमेंट वगळले|dokumen tidak dimasukkan|utelatt dokument|document weggelaten|\
    dokument pominięty|documento não revelado|document omis|документ отсутствует|dokument vynechaný|\
    dokument uteslutet|ละเว้นเอกสาร|belge dahil edilmedi|документ пропущено|دستاویز نظرانداز|đã bỏ qua tài liệu|\
    文档已省略|文件已忽略|文件已略去";

/// A contact card left out.
pub(in super::super) const CONTACT_OMITTED: &str = "\
    لم يتم إدراج بطاقة جهة اتصال|পরিচিতির কার্ড বাদ দেওয়া হয়েছে|Targeta de contacte omesa|Vizitka vynechána|\
    Kontaktkort udeladt|Kontaktkarte ausgelassen|Η κάρτα επαφής παραλήφθηκε|Contact card omitted|\
    Tarjeta de contacto omitida|برگ مخاطب حذف شد|Yhteystietokortti jätettiin pois|Fiche contact manquante|\
    Cárta teagmhála ar lár|સંપર્કનું કાર્ડ પડતું મૂકાયું|כרטיס איש קשר הושמט|कॉन्टैक्ट कार्ड छोड़ा गया|\
    Posjetnica izostavljena|Névjegykártya kihagyva|Kartu kontak tidak disertakan|Scheda contatto omessa|\
    連絡先カードを省略|연락처 카드 생략됨|संपर्क कार्ड वगळले|Kad kenalan tidak dimasukkan|Kontaktkort sløyfet|\
    Visitekaartje weggelaten|Pominięta wizytówka kontaktu|Cartão do contato omitido|Contacto não revelado|\
    Carte de vizită contact omisă|Карточка контакта отсутствует|Karta kontaktu vynechaná|Kontaktkort uteslutet|\
    บัตรรายชื่อที่ละเว้น|Kişi kartı dahil edilmedi|Картка контакту відсутня|رابطہ کارڈ نظر انداز|\
    Bỏ qua thẻ liên lạc|联系人卡片已忽略|聯絡人卡片已省略|聯絡人卡片已略去";

/// A picture of a product left out.
pub(in super::super) const PRODUCT_OMITTED: &str = "\
    تم حذف صورة المنتج|প্রোডাক্টের ইমেজ সরানো হয়েছে|Imatge del producte omesa|obrázek produktu byl vynechán|\
    produktbillede udeladt|Produktbild ausgelassen|παραλείπεται η εικόνα προϊόντος|product image omitted|\
    imagen del producto omitida|عکس کالا حذف شده است|tuotekuva jätetty pois|image produit oubliée|\
    fágadh íomhá an táirge ar lár|પ્રોડક્ટનો ફોટો બાકાત રાખ્યો|תמונת המוצר נשלחה|प्रोडक्‍ट की फ़ोटो हटाई गई|\
    slika proizvoda izostavljena|a termékkép hiányzik|gambar produk dihilangkan|immagine del prodotto omessa|\
    商品画像は含まれていません|제품 이미지 생략됨|प्रॉडक्ट इमेज वगळली|imej produk tidak disertakan|produktbilde utelatt|\
    productafbeelding weggelaten|zdjęcie produktu zostało pominięte|imagem de produto omitida|\
    imagem do produto não revelada|imagine a produsului omisă|изображение товара отсутствует|\
    obrázok produktu vynechaný|produktbild utelämnad|ไม่ได้ใส่รูปผลิตภัณฑ์|ürün görseli dahil edilmedi|\
    зображення продукту пропущено|پروڈکٹ کی تصویر نکال دی گئی ہے|đã bỏ ảnh sản phẩm|产品图省略|產品圖片已省略|產品圖片已略去";

/// A video note left out.
pub(in super::super) const VIDEO_NOTE_OMITTED: &str = "\
    <Video message omitted>|<Video note omitted>|Videonotiz weggelassen|video note omitted";

/// What could be opened once only.
pub(in super::super) const VIEW_ONCE_OMITTED: &str = "\
    <View once voice message omitted>";
