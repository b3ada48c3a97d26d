<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="vi" sourcelanguage="en">
<context>
    <name>AngleStrip</name>
    <message>
        <source>Front</source>
        <translation>Mặt trước</translation>
    </message>
    <message>
        <source>Back</source>
        <comment>side of a product</comment>
        <translation>Mặt sau</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Bên trái</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Bên phải</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>Phía trên</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Nhãn</translation>
    </message>
</context>
<context>
    <name>Attract</name>
    <message>
        <source>Show me a product</source>
        <translation>Cho tôi xem sản&#xa0;phẩm</translation>
    </message>
    <message>
        <source>No products yet</source>
        <translation>Chưa có sản phẩm</translation>
    </message>
    <message>
        <source>I tell you its name and price.</source>
        <translation>Tôi cho bạn biết tên và giá.</translation>
    </message>
    <message>
        <source>For staff: photograph the first one, it takes a minute.</source>
        <translation>Dành cho nhân viên: hãy chụp sản phẩm đầu tiên, chỉ mất một phút.</translation>
    </message>
    <message>
        <source>Your picture may be kept when you correct me.</source>
        <translation>Khi bạn sửa lỗi cho tôi, hình có thể được giữ lại.</translation>
    </message>
    <message>
        <source>Pictures stay in this kiosk and are not kept.</source>
        <translation>Hình ảnh chỉ ở trong máy này và không được lưu.</translation>
    </message>
    <message>
        <source>The camera is resting; search by name works.</source>
        <translation>Máy ảnh đang nghỉ; bạn vẫn có thể tìm theo tên.</translation>
    </message>
    <message>
        <source>Search by name</source>
        <translation>Tìm theo tên</translation>
    </message>
    <message>
        <source>Staff: set up</source>
        <translation>Nhân viên: thiết lập</translation>
    </message>
</context>
<context>
    <name>CameraPane</name>
    <message>
        <source>The camera is not answering</source>
        <translation>Máy ảnh không phản hồi</translation>
    </message>
    <message>
        <source>The recording has ended</source>
        <translation>Đoạn phim đã hết</translation>
    </message>
    <message>
        <source>I keep trying and come back by myself.</source>
        <translation>Tôi vẫn thử lại và sẽ tự hoạt động trở lại.</translation>
    </message>
    <message>
        <source>Search by name</source>
        <translation>Tìm theo tên</translation>
    </message>
</context>
<context>
    <name>CameraStep</name>
    <message>
        <source>It is too dark here: a lamp above the product helps.</source>
        <translation>Chỗ này tối quá: thêm một ngọn đèn phía trên sản phẩm sẽ tốt hơn.</translation>
    </message>
    <message>
        <source>It is too bright here: keep lamps and windows out of the picture.</source>
        <translation>Chỗ này sáng quá: đừng để đèn và cửa sổ lọt vào hình.</translation>
    </message>
    <message>
        <source>Products are held here</source>
        <translation>Sản phẩm được đưa vào đây</translation>
    </message>
    <message>
        <source>Is this the right picture?</source>
        <translation>Hình này đã đúng chưa?</translation>
    </message>
    <message>
        <source>Look for cameras again</source>
        <translation>Tìm lại máy ảnh</translation>
    </message>
    <message>
        <source>The light is good.</source>
        <translation>Ánh sáng tốt.</translation>
    </message>
    <message>
        <source>No other camera was found. Plug one in, then look again.</source>
        <translation>Không tìm thấy máy ảnh nào khác. Hãy cắm máy ảnh rồi tìm lại.</translation>
    </message>
    <message>
        <source>Turned by</source>
        <translation>Xoay</translation>
    </message>
    <message>
        <source>Show it like a mirror</source>
        <translation>Hiển thị như gương</translation>
    </message>
    <message>
        <source>Only on the screen: labels stay readable to the kiosk.</source>
        <translation>Chỉ trên màn hình: máy vẫn đọc được nhãn.</translation>
    </message>
</context>
<context>
    <name>ConfidenceRow</name>
    <message>
        <source>Just a guess</source>
        <translation>Chỉ là đoán</translation>
    </message>
    <message>
        <source>Not so sure</source>
        <translation>Không chắc lắm</translation>
    </message>
    <message>
        <source>Fairly sure</source>
        <translation>Khá chắc</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>Chắc</translation>
    </message>
    <message>
        <source>Very sure</source>
        <translation>Rất chắc</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>Enrol</name>
    <message>
        <source>Blurred: hold it still</source>
        <translation>Bị mờ: hãy giữ yên</translation>
    </message>
    <message>
        <source>Too dark: turn it to the light</source>
        <translation>Quá tối: xoay về phía ánh sáng</translation>
    </message>
    <message>
        <source>Too bright: turn it away from the light</source>
        <translation>Quá sáng: xoay tránh ánh sáng</translation>
    </message>
    <message>
        <source>Come closer</source>
        <translation>Đưa lại gần hơn</translation>
    </message>
    <message>
        <source>Move back a little</source>
        <translation>Lùi ra một chút</translation>
    </message>
    <message>
        <source>Hold the product in the frame</source>
        <translation>Giữ sản phẩm trong khung</translation>
    </message>
    <message>
        <source>Wait until your hand is still</source>
        <translation>Chờ đến khi tay yên</translation>
    </message>
    <message>
        <source>Turn it: this view is there already</source>
        <translation>Xoay đi: mặt này đã chụp rồi</translation>
    </message>
    <message>
        <source>Show its front</source>
        <translation>Cho xem mặt trước</translation>
    </message>
    <message>
        <source>Now its back</source>
        <translation>Bây giờ mặt sau</translation>
    </message>
    <message>
        <source>Now its left side</source>
        <translation>Bây giờ bên trái</translation>
    </message>
    <message>
        <source>Now its right side</source>
        <translation>Bây giờ bên phải</translation>
    </message>
    <message>
        <source>Now from above</source>
        <translation>Bây giờ từ phía trên</translation>
    </message>
    <message>
        <source>One more: its label, close</source>
        <translation>Thêm một tấm: nhãn, chụp gần</translation>
    </message>
    <message>
        <source>Take it away, then show the product again</source>
        <translation>Hãy bỏ nó ra, rồi đưa lại sản phẩm</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>Chụp</translation>
    </message>
    <message>
        <source>Take at least one picture; five are better.</source>
        <translation>Chụp ít nhất một tấm; năm tấm thì tốt hơn.</translation>
    </message>
    <message>
        <source>%1 of 5 pictures</source>
        <translation>%1 trên 5 ảnh</translation>
    </message>
    <message>
        <source>%1 pictures: that is plenty</source>
        <translation>%1 ảnh: đủ rồi</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Đang lưu…</translation>
    </message>
    <message>
        <source>Save photos</source>
        <translation>Lưu ảnh</translation>
    </message>
    <message>
        <source>Save product</source>
        <translation>Lưu sản phẩm</translation>
    </message>
</context>
<context>
    <name>EnrolForm</name>
    <message>
        <source>More photos</source>
        <translation>Thêm ảnh</translation>
    </message>
    <message>
        <source>New product</source>
        <translation>Sản phẩm mới</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Bỏ</translation>
    </message>
    <message>
        <source>Your unfinished product is still here. Go on, or discard it.</source>
        <translation>Sản phẩm làm dở vẫn còn đây. Hãy làm tiếp hoặc bỏ đi.</translation>
    </message>
    <message>
        <source>Looks much like %1. Show what sets it apart: the label, the colour, the size.</source>
        <translation>Rất giống %1. Hãy chụp điểm khác biệt: nhãn, màu, kích cỡ.</translation>
    </message>
    <message>
        <source>This barcode or SKU belongs to %1 already.</source>
        <translation>Mã vạch hoặc mã hàng này đã thuộc về %1.</translation>
    </message>
    <message>
        <source>Photograph that product instead</source>
        <translation>Chụp sản phẩm đó thay vào</translation>
    </message>
    <message>
        <source>Read on the pack; tap to take it over</source>
        <translation>Đọc được trên bao bì; chạm để điền vào</translation>
    </message>
    <message>
        <source>Price in %1</source>
        <translation>Giá (%1)</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Nhóm hàng</translation>
    </message>
    <message>
        <source>SKU</source>
        <translation>Mã hàng</translation>
    </message>
    <message>
        <source>chosen for you</source>
        <translation>tự chọn cho bạn</translation>
    </message>
    <message>
        <source>Another product has this SKU.</source>
        <translation>Sản phẩm khác đã có mã này.</translation>
    </message>
    <message>
        <source>Barcode</source>
        <translation>Mã vạch</translation>
    </message>
    <message>
        <source>show it to the camera</source>
        <translation>đưa trước máy ảnh</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Mô tả</translation>
    </message>
</context>
<context>
    <name>Find</name>
    <message>
        <source>Ask us for the price</source>
        <translation>Vui lòng hỏi giá</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>like this, but …</source>
        <translation>giống thế này, nhưng…</translation>
    </message>
    <message>
        <source>Name, brand, or what it is for</source>
        <translation>Tên, nhãn hiệu hoặc công dụng</translation>
    </message>
    <message>
        <source>Like the last picture</source>
        <translation>Giống hình vừa rồi</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Không tìm thấy</translation>
    </message>
    <message>
        <source>Try fewer letters, another category, or show it to the camera.</source>
        <translation>Thử ít chữ hơn, nhóm hàng khác, hoặc đưa trước máy ảnh.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
</context>
<context>
    <name>FirstProduct</name>
    <message>
        <source>Hold it in the frame</source>
        <translation>Hãy đưa nó vào khung</translation>
    </message>
    <message>
        <source>It works: recognised!</source>
        <translation>Được rồi: đã nhận ra!</translation>
    </message>
    <message>
        <source>Not sure yet</source>
        <translation>Chưa chắc lắm</translation>
    </message>
    <message>
        <source>Now show it to the camera</source>
        <translation>Bây giờ hãy đưa nó trước máy ảnh</translation>
    </message>
    <message>
        <source>More photos help: its label, its back, another hand.</source>
        <translation>Thêm ảnh sẽ giúp ích: nhãn, mặt sau, đổi tay cầm.</translation>
    </message>
    <message>
        <source>To come back here later: hold the name Shelflens at the top left for two seconds, then type your PIN.</source>
        <translation>Để quay lại đây sau này: giữ tên Shelflens ở góc trên bên trái trong hai giây, rồi nhập mã PIN.</translation>
    </message>
    <message>
        <source>Show it to customers</source>
        <translation>Cho khách dùng ngay</translation>
    </message>
    <message>
        <source>Add a photo</source>
        <translation>Thêm một ảnh</translation>
    </message>
    <message>
        <source>Another product</source>
        <translation>Sản phẩm khác</translation>
    </message>
    <message>
        <source>Import your list</source>
        <translation>Nhập danh sách của bạn</translation>
    </message>
</context>
<context>
    <name>Health</name>
    <message>
        <source>Camera</source>
        <translation>Máy ảnh</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Tốt</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Đang chờ</translation>
    </message>
    <message>
        <source>Not working</source>
        <translation>Không hoạt động</translation>
    </message>
    <message>
        <source>The picture is live</source>
        <translation>Hình đang trực tiếp</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Đang kết nối</translation>
    </message>
    <message>
        <source>The picture stands still</source>
        <translation>Hình bị đứng</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Không có hình</translation>
    </message>
    <message>
        <source>%1 pictures a second</source>
        <translation>%1 hình mỗi giây</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Nhận dạng</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>Chậm</translation>
    </message>
    <message>
        <source>%1 ms a picture</source>
        <translation>%1 ms mỗi hình</translation>
    </message>
    <message>
        <source>Nothing shown yet</source>
        <translation>Chưa có gì được đưa ra</translation>
    </message>
    <message>
        <source>Tuned to this shop&apos;s own photos</source>
        <translation>Đã tinh chỉnh theo ảnh của cửa hàng</translation>
    </message>
    <message>
        <source>Not tuned yet: more photos a product help</source>
        <translation>Chưa tinh chỉnh: thêm ảnh cho mỗi sản phẩm sẽ tốt hơn</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>Danh mục</translation>
    </message>
    <message>
        <source>The recording has ended</source>
        <translation>Đoạn phim đã hết</translation>
    </message>
    <message>
        <source>Products: %1</source>
        <translation>Sản phẩm: %1</translation>
    </message>
    <message>
        <source>Photos: %1</source>
        <translation>Ảnh: %1</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Mô hình</translation>
    </message>
    <message>
        <source>Research only</source>
        <translation>Chỉ để nghiên cứu</translation>
    </message>
    <message>
        <source>Ask the makers</source>
        <translation>Hỏi nhà phát triển</translation>
    </message>
    <message>
        <source>%1 numbers a picture</source>
        <translation>%1 số mỗi hình</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Ổ đĩa</translation>
    </message>
    <message>
        <source>Getting full</source>
        <translation>Sắp đầy</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>Đầy</translation>
    </message>
    <message>
        <source>%1 GB free</source>
        <translation>Còn trống %1 GB</translation>
    </message>
    <message>
        <source>Free some space: new photos cannot be stored.</source>
        <translation>Hãy dọn bớt: không lưu thêm ảnh được.</translation>
    </message>
    <message>
        <source>This kiosk</source>
        <translation>Máy này</translation>
    </message>
    <message>
        <source>Running for %1 min</source>
        <translation>Đã chạy %1 phút</translation>
    </message>
    <message>
        <source>%1 MB of memory</source>
        <translation>%1 MB bộ nhớ</translation>
    </message>
</context>
<context>
    <name>LanguageStep</name>
    <message>
        <source>Welcome</source>
        <translation>Xin chào</translation>
    </message>
    <message>
        <source>In two minutes this kiosk will know its first product. It needs no internet, and pictures stay in here.</source>
        <translation>Trong hai phút, máy này sẽ biết sản phẩm đầu tiên. Không cần internet, và hình ảnh chỉ nằm trong máy.</translation>
    </message>
    <message>
        <source>Language of the shop</source>
        <translation>Ngôn ngữ của cửa hàng</translation>
    </message>
    <message>
        <source>Currency of your prices</source>
        <translation>Đơn vị tiền của giá bán</translation>
    </message>
    <message>
        <source>A price looks like this: %1</source>
        <translation>Giá sẽ hiển thị như sau: %1</translation>
    </message>
</context>
<context>
    <name>Look</name>
    <message>
        <source>Hold it still…</source>
        <translation>Giữ yên…</translation>
    </message>
    <message>
        <source>Hold a product in the frame</source>
        <translation>Giữ một sản phẩm trong khung</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Tìm</translation>
    </message>
</context>
<context>
    <name>LookAlikes</name>
    <message>
        <source>Most easily confused</source>
        <translation>Dễ nhầm nhất</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>Chờ một chút</translation>
    </message>
    <message>
        <source>More photos of what sets them apart help. Tap one to open it.</source>
        <translation>Thêm ảnh về điểm khác biệt sẽ tốt hơn. Chạm để mở.</translation>
    </message>
    <message>
        <source>There are no two products to compare yet.</source>
        <translation>Chưa có hai sản phẩm để so sánh.</translation>
    </message>
    <message>
        <source>What customers corrected</source>
        <translation>Khách đã sửa</translation>
    </message>
    <message>
        <source>%1 → %2, %3×</source>
        <translation>%1 → %2, %3 lần</translation>
    </message>
    <message>
        <source>not sure</source>
        <translation>chưa chắc</translation>
    </message>
    <message>
        <source>none of the five</source>
        <translation>không phải năm món đó</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>alike</source>
        <translation>giống nhau</translation>
    </message>
    <message>
        <source>%1 % confused</source>
        <translation>nhầm %1 %</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Are you still there?</source>
        <translation>Bạn còn ở đó không?</translation>
    </message>
    <message>
        <source>Starting over in %1 s</source>
        <translation>Bắt đầu lại sau %1 giây</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>Bắt đầu lại</translation>
    </message>
    <message>
        <source>I am still here</source>
        <translation>Tôi vẫn ở đây</translation>
    </message>
</context>
<context>
    <name>Mark</name>
    <message>
        <source>Staff: hold for two seconds</source>
        <translation>Nhân viên: giữ trong hai giây</translation>
    </message>
</context>
<context>
    <name>NameField</name>
    <message>
        <source>Name</source>
        <translation>Tên</translation>
    </message>
    <message>
        <source>A product needs a name.</source>
        <translation>Sản phẩm cần có tên.</translation>
    </message>
    <message>
        <source>This name is too long.</source>
        <translation>Tên này quá dài.</translation>
    </message>
</context>
<context>
    <name>OnScreenKeyboard</name>
    <message>
        <source>Capital letters</source>
        <translation>Chữ hoa</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Xóa</translation>
    </message>
    <message>
        <source>Vietnamese letters</source>
        <translation>Chữ tiếng Việt</translation>
    </message>
    <message>
        <source>Chinese characters of the catalogue</source>
        <translation>Chữ Hán trong danh mục</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Dấu cách</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Xong</translation>
    </message>
</context>
<context>
    <name>PhotoStrip</name>
    <message>
        <source>Photo</source>
        <translation>Ảnh</translation>
    </message>
    <message>
        <source>Cover</source>
        <translation>Ảnh bìa</translation>
    </message>
    <message>
        <source>Remove this photo</source>
        <translation>Bỏ ảnh này</translation>
    </message>
    <message>
        <source>Use as cover</source>
        <translation>Dùng làm ảnh bìa</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Thêm</translation>
    </message>
</context>
<context>
    <name>Picklist</name>
    <message>
        <source>Not sure</source>
        <translation>Chưa chắc</translation>
    </message>
    <message>
        <source>Is it one of these?</source>
        <translation>Có phải một trong số này?</translation>
    </message>
    <message>
        <source>None of them</source>
        <translation>Không phải</translation>
    </message>
</context>
<context>
    <name>Pin</name>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Too many wrong tries</source>
        <translation>Sai quá nhiều lần</translation>
    </message>
    <message>
        <source>Choose a staff PIN</source>
        <translation>Chọn mã PIN nhân viên</translation>
    </message>
    <message>
        <source>Once more, please</source>
        <translation>Vui lòng nhập lại</translation>
    </message>
    <message>
        <source>Staff PIN</source>
        <translation>Mã PIN nhân viên</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>Chờ một chút</translation>
    </message>
    <message>
        <source>No staff PIN yet</source>
        <translation>Chưa có mã PIN nhân viên</translation>
    </message>
    <message>
        <source>Try again in %1</source>
        <translation>Thử lại sau %1</translation>
    </message>
    <message>
        <source>Type the same digits again.</source>
        <translation>Nhập lại đúng các chữ số đó.</translation>
    </message>
    <message>
        <source>For the people who work here.</source>
        <translation>Dành cho người làm việc ở đây.</translation>
    </message>
    <message>
        <source>Six digits or more are safe, four the least. It opens enrolment, products and settings.</source>
        <translation>Nên dùng từ sáu chữ số, ít nhất là bốn. Mã này mở phần thêm sản phẩm, sản phẩm và cài đặt.</translation>
    </message>
    <message>
        <source>Whoever looks after this machine sets it with the command “kiosk pin set”.</source>
        <translation>Người quản lý máy này đặt mã bằng lệnh “kiosk pin set”.</translation>
    </message>
    <message>
        <source>That was not it. Tries before a pause: %1</source>
        <translation>Không đúng. Số lần thử trước khi tạm dừng: %1</translation>
    </message>
    <message>
        <source>That was not it. The next wrong try makes the pause longer.</source>
        <translation>Không đúng. Sai lần nữa sẽ phải chờ lâu hơn.</translation>
    </message>
    <message>
        <source>Please use 4 to 10 digits that are not all the same.</source>
        <translation>Hãy dùng 4 đến 10 chữ số không giống nhau hết.</translation>
    </message>
    <message>
        <source>The two were different. Choose again.</source>
        <translation>Hai lần khác nhau. Hãy chọn lại.</translation>
    </message>
    <message>
        <source>The PIN could not be read or stored. Is the disk full?</source>
        <translation>Không đọc hoặc lưu được mã PIN. Ổ đĩa có đầy không?</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 phút %2 giây</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 giây</translation>
    </message>
</context>
<context>
    <name>PinPad</name>
    <message>
        <source>Delete</source>
        <translation>Xóa</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Xong</translation>
    </message>
</context>
<context>
    <name>PriceField</name>
    <message>
        <source>Customers see %1</source>
        <translation>Khách thấy %1</translation>
    </message>
    <message>
        <source>A product needs a price.</source>
        <translation>Sản phẩm cần có giá.</translation>
    </message>
    <message>
        <source>This is not a price.</source>
        <translation>Đây không phải là giá.</translation>
    </message>
</context>
<context>
    <name>ProductDetails</name>
    <message>
        <source>Ask us for the price</source>
        <translation>Vui lòng hỏi giá</translation>
    </message>
    <message>
        <source>Barcode %1</source>
        <translation>Mã vạch %1</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Tương tự</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Find others</source>
        <translation>Tìm thứ khác</translation>
    </message>
</context>
<context>
    <name>ProductEditor</name>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Retired</source>
        <translation>Đã ngừng bán</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Giá</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Nhóm hàng</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Mô tả</translation>
    </message>
    <message>
        <source>Barcode</source>
        <translation>Mã vạch</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Xóa</translation>
    </message>
    <message>
        <source>Retire</source>
        <translation>Ngừng bán</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Bán lại</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Đã lưu</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Lưu</translation>
    </message>
</context>
<context>
    <name>ProductList</name>
    <message>
        <source>Name, SKU, text</source>
        <translation>Tên, mã, nội dung</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>Giống nhau</translation>
    </message>
    <message>
        <source>Asked for, but not here: %1</source>
        <translation>Khách hỏi mà không có: %1</translation>
    </message>
    <message>
        <source>Retired</source>
        <translation>Đã ngừng bán</translation>
    </message>
    <message>
        <source>%1 of %2 shown. Search to see the others.</source>
        <translation>Hiện %1 trên %2. Tìm để xem các mục khác.</translation>
    </message>
    <message>
        <source>No products yet</source>
        <translation>Chưa có sản phẩm</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Không tìm thấy</translation>
    </message>
</context>
<context>
    <name>Products</name>
    <message>
        <source>Tap a product to edit it</source>
        <translation>Chạm vào sản phẩm để sửa</translation>
    </message>
    <message>
        <source>Deleted: %1</source>
        <translation>Đã xóa: %1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Hoàn tác</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>The shop has this already: %1. Take the picture all the same?</source>
        <translation>Cửa hàng đã có: %1. Vẫn chụp ảnh này chứ?</translation>
    </message>
    <message>
        <source>This looks like another product than before. Take the picture all the same?</source>
        <translation>Trông như một sản phẩm khác lúc trước. Vẫn chụp ảnh này chứ?</translation>
    </message>
    <message>
        <source>Leave it out</source>
        <translation>Không chụp</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>Chụp</translation>
    </message>
</context>
<context>
    <name>Rehearsal</name>
    <message>
        <source>%1 is in the catalogue</source>
        <translation>%1 đã có trong danh mục</translation>
    </message>
    <message>
        <source>With one picture there is nothing to rehearse with. A second one helps.</source>
        <translation>Chỉ một ảnh thì chưa thử được. Thêm một ảnh nữa sẽ tốt hơn.</translation>
    </message>
    <message>
        <source>Rehearsal: recognised %1 of %2.</source>
        <translation>Thử nhận dạng: đúng %1 trên %2.</translation>
    </message>
    <message>
        <source>Taken for %1 (%2×). A photo of the label, or of what is different, settles it.</source>
        <translation>Bị nhầm với %1 (%2 lần). Một ảnh nhãn hoặc điểm khác biệt sẽ giải quyết.</translation>
    </message>
    <message>
        <source>One picture looks like none of the others. Look at it under Products.</source>
        <translation>Có một ảnh không giống các ảnh khác. Hãy xem ở mục Sản phẩm.</translation>
    </message>
    <message>
        <source>Add a photo</source>
        <translation>Thêm một ảnh</translation>
    </message>
    <message>
        <source>Another product</source>
        <translation>Sản phẩm khác</translation>
    </message>
</context>
<context>
    <name>Requests</name>
    <message>
        <source>Asked for, but not here</source>
        <translation>Khách hỏi mà không có</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
    <message>
        <source>Customers showed these numbers. The export has them as a table.</source>
        <translation>Khách đã đưa các mã này. Bản xuất có bảng của chúng.</translation>
    </message>
    <message>
        <source>%1×, last %2</source>
        <translation>%1 lần, gần nhất: %2</translation>
    </message>
    <message>
        <source>today</source>
        <translation>hôm nay</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>hôm qua</translation>
    </message>
    <message>
        <source>%1 days ago</source>
        <translation>%1 ngày trước</translation>
    </message>
    <message>
        <source>Enrol</source>
        <translation>Đăng ký</translation>
    </message>
    <message>
        <source>Not wanted</source>
        <translation>Không cần</translation>
    </message>
</context>
<context>
    <name>ResultCard</name>
    <message>
        <source>Ask us for the price</source>
        <translation>Vui lòng hỏi giá</translation>
    </message>
    <message>
        <source>You chose this</source>
        <translation>Bạn đã chọn</translation>
    </message>
    <message>
        <source>Scanned</source>
        <translation>Đã quét</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
    <message>
        <source>Not this one?</source>
        <translation>Không phải?</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Chi tiết</translation>
    </message>
</context>
<context>
    <name>SetUp</name>
    <message>
        <source>Back</source>
        <translation>Quay lại</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Tiếp tục</translation>
    </message>
    <message>
        <source>The picture is right</source>
        <translation>Hình đã đúng</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>How careful to be</source>
        <translation>Mức độ thận trọng</translation>
    </message>
    <message>
        <source>Wrong at most 1 time in %1</source>
        <translation>Sai nhiều nhất 1 trên %1 lần</translation>
    </message>
    <message>
        <source>Names almost everything; a wrong price now and then.</source>
        <translation>Gần như luôn gọi tên; đôi khi sai giá.</translation>
    </message>
    <message>
        <source>Asks now and then.</source>
        <translation>Thỉnh thoảng hỏi lại.</translation>
    </message>
    <message>
        <source>A good balance for most shops.</source>
        <translation>Cân bằng tốt cho hầu hết cửa hàng.</translation>
    </message>
    <message>
        <source>Asks more often.</source>
        <translation>Hỏi lại nhiều hơn.</translation>
    </message>
    <message>
        <source>Names only what is beyond doubt; asks often.</source>
        <translation>Chỉ gọi tên khi không còn nghi ngờ; hay hỏi lại.</translation>
    </message>
    <message>
        <source>bolder</source>
        <translation>mạnh dạn</translation>
    </message>
    <message>
        <source>stricter</source>
        <translation>chặt chẽ</translation>
    </message>
    <message>
        <source>Language at the start</source>
        <translation>Ngôn ngữ ban đầu</translation>
    </message>
    <message>
        <source>Back to the start after</source>
        <translation>Về màn hình đầu sau</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 giây</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Máy ảnh</translation>
    </message>
    <message>
        <source>Show it like a mirror</source>
        <translation>Hiển thị như gương</translation>
    </message>
    <message>
        <source>Only on the screen: labels stay readable to the kiosk.</source>
        <translation>Chỉ trên màn hình: máy vẫn đọc được nhãn.</translation>
    </message>
    <message>
        <source>For a webcam only.</source>
        <translation>Chỉ dành cho webcam.</translation>
    </message>
    <message>
        <source>Turned by</source>
        <translation>Xoay</translation>
    </message>
    <message>
        <source>Learning and privacy</source>
        <translation>Học hỏi và riêng tư</translation>
    </message>
    <message>
        <source>Count corrections</source>
        <translation>Đếm các lần sửa</translation>
    </message>
    <message>
        <source>When a customer picks another product, the pair is counted. No picture.</source>
        <translation>Khi khách chọn sản phẩm khác, cặp đó được đếm. Không có hình.</translation>
    </message>
    <message>
        <source>Keep the picture of a correction</source>
        <translation>Giữ hình của lần sửa</translation>
    </message>
    <message>
        <source>Proposed to you as a new photo; nothing enters the catalogue by itself.</source>
        <translation>Được đề xuất làm ảnh mới; không gì tự vào danh mục.</translation>
    </message>
    <message>
        <source>Comfort</source>
        <translation>Dễ chịu</translation>
    </message>
    <message>
        <source>Less motion</source>
        <translation>Ít chuyển động</translation>
    </message>
    <message>
        <source>Screens change at once, nothing slides.</source>
        <translation>Màn hình đổi ngay, không trượt.</translation>
    </message>
    <message>
        <source>Codes from your own scales</source>
        <translation>Mã từ cân của bạn</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Tắt</translation>
    </message>
    <message>
        <source>Price inside</source>
        <translation>Có giá bên trong</translation>
    </message>
    <message>
        <source>Weight inside</source>
        <translation>Có khối lượng bên trong</translation>
    </message>
    <message>
        <source>This kiosk</source>
        <translation>Máy này</translation>
    </message>
    <message>
        <source>Change the PIN</source>
        <translation>Đổi mã PIN</translation>
    </message>
    <message>
        <source>Close the kiosk</source>
        <translation>Đóng máy</translation>
    </message>
</context>
<context>
    <name>Staff</name>
    <message>
        <source>Enrol</source>
        <translation>Đăng ký</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>Sản phẩm</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Nhập</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>Tình trạng</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Cài đặt</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Khóa</translation>
    </message>
</context>
<context>
    <name>StarRow</name>
    <message>
        <source>%1 of 5 stars</source>
        <translation>%1 trên 5 sao</translation>
    </message>
</context>
<context>
    <name>StepBar</name>
    <message>
        <source>Language</source>
        <translation>Ngôn ngữ</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Máy ảnh</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>Mã PIN</translation>
    </message>
    <message>
        <source>First product</source>
        <translation>Sản phẩm đầu tiên</translation>
    </message>
    <message>
        <source>Import a list</source>
        <translation>Nhập danh sách</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Bỏ qua</translation>
    </message>
</context>
<context>
    <name>Suggestions</name>
    <message>
        <source>Customers say that this is it. Add the picture?</source>
        <translation>Khách cho rằng chính là sản phẩm này. Thêm ảnh chứ?</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Thêm</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Từ chối</translation>
    </message>
</context>
<context>
    <name>Transfer</name>
    <message>
        <source>Import</source>
        <translation>Nhập</translation>
    </message>
    <message>
        <source>Put products.csv, and photos.csv for the pictures, on a USB stick or into the shop&apos;s transfer folder. What is there already is updated; nothing doubles.</source>
        <translation>Đặt products.csv, và photos.csv cho ảnh, vào USB hoặc thư mục trao đổi của cửa hàng. Hàng đã có sẽ được cập nhật; không bị trùng.</translation>
    </message>
    <message>
        <source>Products and photos</source>
        <translation>Sản phẩm và ảnh</translation>
    </message>
    <message>
        <source>Products only</source>
        <translation>Chỉ sản phẩm</translation>
    </message>
    <message>
        <source>No products.csv found yet.</source>
        <translation>Chưa tìm thấy products.csv.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Tìm lại</translation>
    </message>
    <message>
        <source>Export and backup</source>
        <translation>Xuất và sao lưu</translation>
    </message>
    <message>
        <source>An export is tables and pictures that any program reads, and that Import takes back. A backup is one file with everything.</source>
        <translation>Bản xuất gồm bảng và ảnh mà chương trình nào cũng đọc được và có thể nhập lại. Bản sao lưu là một tệp chứa tất cả.</translation>
    </message>
    <message>
        <source>The shop&apos;s transfer folder</source>
        <translation>Thư mục trao đổi của cửa hàng</translation>
    </message>
    <message>
        <source>%1 GB free</source>
        <translation>Còn trống %1 GB</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Xuất</translation>
    </message>
    <message>
        <source>Back up</source>
        <translation>Sao lưu</translation>
    </message>
    <message>
        <source>Importing…</source>
        <translation>Đang nhập…</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Đang xuất…</translation>
    </message>
    <message>
        <source>Backing up…</source>
        <translation>Đang sao lưu…</translation>
    </message>
    <message>
        <source>%1 new, %2 changed, %3 as before; %4 photos.</source>
        <translation>%1 mới, %2 thay đổi, %3 như cũ; %4 ảnh.</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>Đã ghi: %1</translation>
    </message>
    <message>
        <source>Left out:</source>
        <translation>Bỏ qua:</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>và %1 mục nữa</translation>
    </message>
</context>
<context>
    <name>UnknownCard</name>
    <message>
        <source>I don&apos;t think we have this</source>
        <translation>Có lẽ chúng tôi không có món này</translation>
    </message>
    <message>
        <source>Sorry, I can&apos;t tell what it is</source>
        <translation>Xin lỗi, tôi chưa nhận ra món này</translation>
    </message>
    <message>
        <source>We don&apos;t have this</source>
        <translation>Chúng tôi không có món này</translation>
    </message>
    <message>
        <source>This kiosk knows no products yet</source>
        <translation>Máy này chưa biết sản phẩm nào</translation>
    </message>
    <message>
        <source>These come closest:</source>
        <translation>Gần giống nhất:</translation>
    </message>
    <message>
        <source>Turn it so that the label shows, or search by name.</source>
        <translation>Xoay để thấy nhãn, hoặc tìm theo tên.</translation>
    </message>
    <message>
        <source>The number on it is %1.</source>
        <translation>Số trên đó là %1.</translation>
    </message>
    <message>
        <source>For staff: photograph the first one, it takes a minute.</source>
        <translation>Dành cho nhân viên: hãy chụp sản phẩm đầu tiên, chỉ mất một phút.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
    <message>
        <source>Search by name</source>
        <translation>Tìm theo tên</translation>
    </message>
    <message>
        <source>Staff: set up</source>
        <translation>Nhân viên: thiết lập</translation>
    </message>
</context>
</TS>
